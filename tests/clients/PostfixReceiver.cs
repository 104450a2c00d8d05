using System.Globalization;
using MailPace.Testing;

namespace MailPace.Clients.Tests;

/// <summary>Debian's Postfix as the receiving MX, in a directory of its own; it keeps all mail in one maildir.</summary>
internal sealed class PostfixReceiver : IAsyncDisposable
{
    public const string Domain = "recipient.test";

    private readonly string _directory;

    private PostfixReceiver(string directory, int port)
    {
        _directory = directory;
        Port = port;
    }

    public int Port { get; }

    private string New => Path.Combine(_directory, "mail/all/new");

    public static async Task<PostfixReceiver> StartAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Postfix runs as root only.");
        }

        var postfix = Tools.Program("postfix");
        var directory = Directory.CreateTempSubdirectory("mailpace-postfix-").FullName;
        await Command.RunAsync("chmod", ["755", directory]);
        foreach (var folder in (string[])["conf", "spool", "data", "mail", "log"])
        {
            Directory.CreateDirectory(Path.Combine(directory, folder));
        }

        await Command.RunAsync("chown", ["postfix", Path.Combine(directory, "data")]);
        await Command.RunAsync("chown", ["65534:65534", Path.Combine(directory, "mail")]);
        var receiver = new PostfixReceiver(directory, FreePort.Next());
        var tls = DevelopmentTls.Create(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "conf/main.cf"), MainCf(directory, tls));
        await File.WriteAllTextAsync(Path.Combine(directory, "conf/master.cf"), MasterCf(receiver.Port));
        await Command.RunAsync(postfix, ["-c", Path.Combine(directory, "conf"), "start"]);
        return receiver;
    }

    /// <summary>Waits for the message with this subject word in its header, and returns its path in the maildir.</summary>
    public async Task<string> FindAsync(string word)
    {
        for (var started = Environment.TickCount64; Environment.TickCount64 - started < 60_000; await Task.Delay(50))
        {
            var files = Directory.Exists(New) ? Directory.EnumerateFiles(New) : [];
            foreach (var file in files)
            {
                if ((await File.ReadAllTextAsync(file)).Contains(word, StringComparison.Ordinal))
                {
                    return file;
                }
            }
        }

        throw new InvalidOperationException($"No message with {word} arrived. Postfix says: {await LogAsync()}");
    }

    public async Task<string> LogAsync() => await File.ReadAllTextAsync(Path.Combine(_directory, "log/mail.log"));

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync(Tools.Program("postfix"), ["-c", Path.Combine(_directory, "conf"), "abort"]);
        Directory.Delete(_directory, recursive: true);
    }

    private static string MainCf(string directory, DevelopmentTls tls) => string.Create(CultureInfo.InvariantCulture, $"""
        compatibility_level = 3.6
        queue_directory = {directory}/spool
        data_directory = {directory}/data
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        mail_owner = postfix
        setgid_group = postdrop
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        myhostname = mx.{Domain}
        mydestination =
        mynetworks =
        alias_maps =
        alias_database =
        local_recipient_maps =
        biff = no
        smtputf8_enable = yes
        smtpd_tls_security_level = may
        smtpd_tls_cert_file = {tls.CertificatePath}
        smtpd_tls_key_file = {tls.KeyPath}
        smtpd_relay_restrictions = reject_unauth_destination
        virtual_mailbox_domains = {Domain}, xn--bcher-kva.test
        virtual_mailbox_base = {directory}/mail
        virtual_mailbox_maps = static:all/
        virtual_uid_maps = static:65534
        virtual_gid_maps = static:65534
        virtual_minimum_uid = 1
        message_size_limit = 60000000
        mailbox_size_limit = 0
        virtual_mailbox_limit = 0
        maillog_file_prefixes = {directory}
        maillog_file = {directory}/log/mail.log
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
        proxymap unix - - n - - proxymap
        smtp unix - - n - - smtp
        error unix - - n - - error
        retry unix - - n - - error
        virtual unix - n n - - virtual
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        postlog unix-dgram n - n - 1 postlogd

        """;
}
