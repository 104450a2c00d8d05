using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace MailPace.Hosting.Listening;

/// <summary>
/// A certificate in PEM files that are replaced while we run (cert-manager renews it). Handshakes look at the clock, and
/// at most every ten seconds at the files' times; a pair that can't be read leaves the former one in use.
/// </summary>
public sealed partial class CertificateFile
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    private readonly string certificatePath;
    private readonly string keyPath;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly Lock gate = new();
    private volatile SslStreamCertificateContext current;
    private DateTime written;
    private long checkedAt;

    public CertificateFile(string certificatePath, string? keyPath, TimeProvider time, ILogger log)
    {
        this.certificatePath = certificatePath;
        this.keyPath = string.IsNullOrEmpty(keyPath) ? certificatePath : keyPath;
        this.time = time;
        this.log = log;
        written = LastWritten();
        checkedAt = time.GetTimestamp();
        try
        {
            current = Load();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The certificate {certificatePath} with the key {this.keyPath} can't be read: {e.Message}", e);
        }
    }

    public SslStreamCertificateContext Current
    {
        get
        {
            if (time.GetElapsedTime(Interlocked.Read(ref checkedAt)) > CheckInterval)
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
            Interlocked.Exchange(ref checkedAt, time.GetTimestamp());
            try
            {
                var latest = LastWritten();
                if (latest == written)
                {
                    return;
                }

                current = Load();
                written = latest;
                LogReloaded(certificatePath);
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                LogUnreadable(e, certificatePath);
            }
        }
    }

    private DateTime LastWritten()
    {
        var certificate = File.GetLastWriteTimeUtc(certificatePath);
        var key = File.GetLastWriteTimeUtc(keyPath);
        return certificate > key ? certificate : key;
    }

    private SslStreamCertificateContext Load()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificatePath);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificatePath, keyPath), chain, offline: true);
    }

    [LoggerMessage(EventIds.CertificateReloaded, LogLevel.Information, "Read the renewed certificate {Path}")]
    private partial void LogReloaded(string path);

    [LoggerMessage(EventIds.CertificateUnreadable, LogLevel.Error, "The renewed certificate {Path} can't be read; the former one stays in use")]
    private partial void LogUnreadable(Exception exception, string path);
}
