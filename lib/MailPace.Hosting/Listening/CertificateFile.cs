using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace MailPace.Hosting.Listening;

/// <summary>
/// A certificate in PEM files that are replaced while we run. At most every ten seconds a handshake looks whether the files' content has changed:
/// cert-manager swaps a link to their directory and certbot one link after the other, so neither their names nor their times tell. What can't
/// be read, or half of it, leaves the former certificate in use, and is looked at again.
/// </summary>
public sealed partial class CertificateFile
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RenewalDue = TimeSpan.FromDays(14);
    private static readonly TimeSpan WarningInterval = TimeSpan.FromDays(1);

    private readonly string certificatePath;
    private readonly string keyPath;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly Lock gate = new();
    private volatile SslStreamCertificateContext current;
    private byte[] loaded;
    private string? complaint;
    private DateTimeOffset? warned;
    private long checkedAt;

    public CertificateFile(string certificatePath, string? keyPath, TimeProvider time, ILogger log)
    {
        this.certificatePath = certificatePath;
        this.keyPath = string.IsNullOrEmpty(keyPath) ? certificatePath : keyPath;
        this.time = time;
        this.log = log;
        checkedAt = time.GetTimestamp();
        try
        {
            var (certificate, key) = Read();
            current = Parse(certificate, key);
            loaded = Fingerprint(certificate, key);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new StartException($"The certificate {certificatePath} with the key {this.keyPath} can't be read: {e.Message}", e);
        }

        WarnOfExpiry();
    }

    /// <summary>The certificate to show now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            if (time.GetElapsedTime(Interlocked.Read(ref checkedAt)) >= CheckInterval)
            {
                Refresh();
            }

            return current;
        }
    }

    private void Refresh()
    {
        lock (gate)
        {
            if (time.GetElapsedTime(checkedAt) < CheckInterval)
            {
                return; // another handshake was first
            }

            Interlocked.Exchange(ref checkedAt, time.GetTimestamp());
            try
            {
                ReadAgain();
                complaint = null;
            }
            catch (Exception e) when (IsUnreadable(e))
            {
                if (complaint != e.Message)
                {
                    complaint = e.Message;
                    LogUnreadable(e, certificatePath, e.Message);
                }
            }

            WarnOfExpiry();
        }
    }

    private void ReadAgain()
    {
        var (certificate, key) = Read();
        var fingerprint = Fingerprint(certificate, key);
        if (fingerprint.AsSpan().SequenceEqual(loaded))
        {
            return;
        }

        current = Parse(certificate, key);
        loaded = fingerprint;
        warned = null;
        LogReloaded(certificatePath, ExpiryOf(current));
    }

    private (string Certificate, string Key) Read() => (File.ReadAllText(certificatePath), File.ReadAllText(keyPath));

    private static byte[] Fingerprint(string certificate, string key) =>
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{certificate}\0{key}"));

    private static SslStreamCertificateContext Parse(string certificate, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), chain, offline: true);
    }

    /// <summary>ArgumentException: the key is another certificate's, as between the replacements of the one and the other.</summary>
    private static bool IsUnreadable(Exception e) => e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    private static DateTimeOffset ExpiryOf(SslStreamCertificateContext context) => new(context.TargetCertificate.NotAfter.ToUniversalTime());

    private void WarnOfExpiry()
    {
        var now = time.GetUtcNow();
        var expiry = ExpiryOf(current);
        if (expiry - now > RenewalDue || now - warned < WarningInterval)
        {
            return;
        }

        warned = now;
        LogExpires(certificatePath, expiry);
    }

    [LoggerMessage(EventIds.CertificateReloaded, LogLevel.Information, "Read the renewed certificate {Path}, which is valid until {Expiry:u}")]
    private partial void LogReloaded(string path, DateTimeOffset expiry);

    [LoggerMessage(EventIds.CertificateUnreadable, LogLevel.Error, "The renewed certificate {Path} can't be read; the former one stays in use: {Reason}")]
    private partial void LogUnreadable(Exception exception, string path, string reason);

    [LoggerMessage(EventIds.CertificateExpires, LogLevel.Warning, "The certificate {Path} is valid until {Expiry:u} only, and wasn't renewed")]
    private partial void LogExpires(string path, DateTimeOffset expiry);
}
