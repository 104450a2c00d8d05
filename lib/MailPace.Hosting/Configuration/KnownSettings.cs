using System.Collections;
using System.Reflection;

namespace MailPace.Hosting.Configuration;

/// <summary>
/// The names of all settings, as the options' classes have them: <c>Section:Key</c>, with <c>&lt;n&gt;</c> for the place in a list and
/// <c>&lt;name&gt;</c> for a key of one's own choice.
/// </summary>
internal sealed class KnownSettings
{
    private const string Place = "<n>";
    private const string OwnName = "<name>";

    private readonly HashSet<string> _sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _names = [];

    /// <summary>Of the program and of every assembly of ours that it refers to.</summary>
    public static KnownSettings Of(Assembly program)
    {
        var known = new KnownSettings();
        foreach (var type in OursFrom(program).SelectMany(static assembly => assembly.GetTypes()))
        {
            if (type.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() is string section)
            {
                known._sections.Add(section);
                known.AddMembers(section, type);
            }
        }

        return known;
    }

    public bool HasSection(string section) => _sections.Contains(section);

    /// <param name="path">The setting's name.</param>
    /// <param name="isEmpty">It has no value of its own, such as an empty list.</param>
    public bool Has(string path, bool isEmpty)
        => _names.Any(name => Fits(name, path) || (isEmpty && Fits(name[..^(name.EndsWith(Place, StringComparison.Ordinal) ? Place.Length + 1 : 0)], path)));

    /// <summary>What was probably meant; null when nothing is near.</summary>
    public string? NearestTo(string path)
    {
        var (nearest, distance) = _names
            .Select(name => Filled(name, path))
            .Select(name => (name, EditDistance.Between(name, path)))
            .MinBy(static each => each.Item2);
        return nearest is not null && distance <= path.Length / 2 ? nearest : null;
    }

    private static HashSet<Assembly> OursFrom(Assembly program)
    {
        var found = new HashSet<Assembly> { program };
        var open = new Queue<Assembly>(found);
        while (open.TryDequeue(out var assembly))
        {
            foreach (var name in assembly.GetReferencedAssemblies().Where(static name => name.Name!.StartsWith("MailPace", StringComparison.OrdinalIgnoreCase)))
            {
                if (Assembly.Load(name) is { } referred && found.Add(referred))
                {
                    open.Enqueue(referred);
                }
            }
        }

        return found;
    }

    private void AddMembers(string path, Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is { IsPublic: true } || !IsText(property.PropertyType))
            {
                Add($"{path}:{property.Name}", property.PropertyType);
            }
        }
    }

    private void Add(string path, Type type)
    {
        if (IsText(type))
        {
            _names.Add(path);
            return;
        }

        if (type.IsGenericType && type.GetGenericArguments() is [_, var value])
        {
            Add($"{path}:{OwnName}", value);
            return;
        }

        if (type.IsAssignableTo(typeof(IEnumerable)))
        {
            Add($"{path}:{Place}", type.GetElementType() ?? type.GetGenericArguments()[0]);
            return;
        }

        AddMembers(path, type);
    }

    /// <summary>One value, no members: everything but collections and the groups that we made.</summary>
    private static bool IsText(Type type)
        => type == typeof(string)
            || (!type.IsAssignableTo(typeof(IEnumerable))
                && (!type.IsClass || !type.Assembly.GetName().Name!.StartsWith("MailPace", StringComparison.OrdinalIgnoreCase)));

    private static bool Fits(string name, string path) => string.Equals(Filled(name, path), path, StringComparison.OrdinalIgnoreCase);

    /// <summary>The name, with the path's own places and keys where it leaves them open.</summary>
    private static string Filled(string name, string path)
    {
        var (segments, given) = (name.Split(':'), path.Split(':'));
        for (var i = 0; i < Math.Min(segments.Length, given.Length); i++)
        {
            if (segments[i] == OwnName || (segments[i] == Place && given[i].All(char.IsAsciiDigit)))
            {
                segments[i] = given[i];
            }
        }

        return string.Join(':', segments);
    }
}
