using System.Data;
using System.Globalization;
using Dapper;

namespace MailPace.Storage;

/// <summary>How Dapper reads what Npgsql returns: snake_case columns, and timestamptz as <see cref="DateTimeOffset"/>.</summary>
internal static class DapperTypes
{
    public static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new Timestamps());
    }

    private sealed class Timestamps : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
            DateTimeOffset time => time,
            _ => throw new InvalidCastException(string.Create(CultureInfo.InvariantCulture, $"{value.GetType()} is no timestamp")),
        };

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.ToUniversalTime();
    }
}
