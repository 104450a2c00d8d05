namespace MailPace.Host.Commands;

/// <summary>The demo tokens' secrets, KEY=VALUE, readable by their owner alone. Only the demo keeps secrets in a file.</summary>
internal static class DemoTokenFile
{
    public const string Token = "MAILPACE_TOKEN";
    public const string OrganisationToken = "MAILPACE_ORG_TOKEN";

    public static Dictionary<string, string> Read(string path)
        => File.Exists(path)
            ? File.ReadLines(path).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1])
            : [];

    public static void Write(string path, string token, string organisationToken)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(directory);
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var text = new StreamWriter(file);
        text.WriteLine($"{Token}={token}");
        text.WriteLine($"{OrganisationToken}={organisationToken}");
    }
}
