using System.Net.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Hosting.Listening;

/// <summary>Opens the listeners of <see cref="HttpOptions"/>.</summary>
internal sealed class HttpListeners(IOptions<HttpOptions> options, TimeProvider time, ILogger<CertificateFile> log) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var http = options.Value;
        var certificate = string.IsNullOrEmpty(http.CertificatePath) ? null : new CertificateFile(http.CertificatePath, http.CertificateKeyPath, time, log);
        foreach (var url in http.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!HttpListener.TryParse(url, out var listener))
            {
                continue; // the options' validation names it
            }

            if (listener.Address is { } address)
            {
                kestrel.Listen(address, listener.Port, listen => Secure(listen, listener, certificate));
                continue;
            }

            kestrel.ListenAnyIP(listener.Port, listen => Secure(listen, listener, certificate));
        }
    }

    private static void Secure(ListenOptions listen, HttpListener listener, CertificateFile? certificate)
    {
        if (!listener.IsTls || certificate is null)
        {
            return;
        }

        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current }),
        });
    }
}
