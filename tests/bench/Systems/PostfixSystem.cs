using System.Diagnostics;
using System.Globalization;
using System.Net;
using MailPace.Bench.Measuring;
using MailPace.Testing;

namespace MailPace.Bench.Systems;

/// <summary>
/// Debian's Postfix in a directory of its own, with OpenDKIM as milter where it delivers. For acceptance alone all mail goes
/// to the hold queue: Postfix is spared its queue manager, which is to its advantage.
/// </summary>
internal sealed class PostfixSystem : RunningSystem
{
    private readonly string _directory;
    private readonly Process? _openDkim;
    private readonly int _masterId;

    private PostfixSystem(string directory, IPEndPoint smtp, Process? openDkim)
    {
        _directory = directory;
        _openDkim = openDkim;
        Smtp = smtp;
        _masterId = int.Parse(File.ReadAllText(Path.Combine(directory, "spool/pid/master.pid")).Trim(), CultureInfo.InvariantCulture);
        Processes = new ProcessTree(openDkim is null ? [_masterId] : [_masterId, openDkim.Id]);
    }

    public override string Name => "postfix";

    public override string Durability => "fsync of the queue file before 250";

    public override IPEndPoint Smtp { get; }

    public override string SenderDomain => "bench.example";

    public override ProcessTree Processes { get; }

    public static async Task<PostfixSystem> StartAsync(string directory, SystemForm form)
    {
        var smtp = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        foreach (var folder in (string[])["conf", "spool", "data", "log"])
        {
            Directory.CreateDirectory(Path.Combine(directory, folder));
        }

        await Shell.RunAsync("chown", "postfix", Path.Combine(directory, "data"));
        IPEndPoint? milter = form.Sink is null ? null : new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        var openDkim = milter is null ? null : await StartOpenDkimAsync(directory, milter);
        DevelopmentTls.Create(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "conf/main.cf"), MainCf(directory, form, milter));
        await File.WriteAllTextAsync(Path.Combine(directory, "conf/master.cf"), MasterCf(smtp.Port));
        await Shell.RunAsync("postfix", "-c", Path.Combine(directory, "conf"), "start");
        await Listener.WaitAsync(smtp);
        return new PostfixSystem(directory, smtp, openDkim);
    }

    public override Task<int> StoredAsync() =>
        Task.FromResult(Directory.EnumerateFiles(Path.Combine(_directory, "spool/hold"), "*", SearchOption.AllDirectories).Count());

    public override async ValueTask DisposeAsync()
    {
        await Shell.RunAsync("postfix", "-c", Path.Combine(_directory, "conf"), "abort");
        if (_openDkim is not null)
        {
            _openDkim.Kill();
            await _openDkim.WaitForExitAsync();
            _openDkim.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<Process> StartOpenDkimAsync(string directory, IPEndPoint milter)
    {
        var key = Path.Combine(directory, "dkim.pem");
        await Shell.RunAsync("openssl", "genrsa", "-traditional", "-out", key, "2048");
        var configuration = Path.Combine(directory, "opendkim.conf");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            Mode s
            Domain bench.example
            Selector bench
            KeyFile {key}
            Canonicalization relaxed/relaxed
            Socket inet:{milter.Port}@127.0.0.1
            RequireSafeKeys no
            Syslog no
            InternalHosts 127.0.0.1
            """) + "\n");
        var process = Process.Start(new ProcessStartInfo("opendkim") { ArgumentList = { "-f", "-x", configuration } })
            ?? throw new InvalidOperationException("opendkim did not start.");
        await Listener.WaitAsync(milter);
        return process;
    }

    private static string MainCf(string directory, SystemForm form, IPEndPoint? milter) => string.Create(CultureInfo.InvariantCulture, $"""
        compatibility_level = 3.6
        queue_directory = {directory}/spool
        data_directory = {directory}/data
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        mail_owner = postfix
        setgid_group = postdrop
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        myhostname = postfix.bench.example
        mydestination =
        mynetworks = 127.0.0.0/8
        alias_maps =
        alias_database =
        local_recipient_maps =
        biff = no
        smtpd_relay_restrictions = permit_mynetworks, reject
        smtpd_client_connection_count_limit = 0
        smtpd_client_connection_rate_limit = 0
        smtpd_client_message_rate_limit = 0
        default_process_limit = 200
        smtpd_tls_security_level = may
        smtpd_tls_cert_file = {directory}/server.pem
        smtpd_tls_key_file = {directory}/server.key
        smtp_tls_security_level = none
        maillog_file_prefixes = {directory}
        maillog_file = {directory}/log/mail.log
        smtp_dns_support_level = disabled
        smtp_host_lookup = native
        {(form.Sink is { } sink ? $"relayhost = [127.0.0.1]:{sink.Port}" : "smtpd_recipient_restrictions = check_client_access static:HOLD, permit_mynetworks")}
        smtp_destination_concurrency_limit = 50
        default_destination_concurrency_limit = 50
        initial_destination_concurrency = 20
        {(milter is null ? "" : $"smtpd_milters = inet:127.0.0.1:{milter.Port}")}
        milter_default_action = accept
        """) + "\n";

    private static string MasterCf(int port) => $"""
        127.0.0.1:{port} inet n - n - - smtpd
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        verify unix - - n - 1 verify
        proxymap unix - - n - - proxymap
        smtp unix - - n - - smtp
        relay unix - - n - - smtp
        error unix - - n - - error
        retry unix - - n - - error
        discard unix - - n - - discard
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        postlog unix-dgram n - n - 1 postlogd

        """;
}
