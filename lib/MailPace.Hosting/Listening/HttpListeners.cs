using System.Net.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Hosting.Listening;

/// <summary>Opens the listeners of <see cref="HttpOptions"/>.</summary>
internal sealed class HttpListeners(IConfiguration configuration, TimeProvider time, ILogger<CertificateFile> log) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;

        // The server is built before anything is validated: what is wrong here must wait until all that is wrong is reported.
        var http = configuration.GetSection(HttpOptions.SectionName).Get<HttpOptions>() ?? new HttpOptions();
        var certificate = !File.Exists(http.CertificatePath) ? null : new CertificateFile(http.CertificatePath, http.CertificateKeyPath, time, log);
        foreach (var (_, url) in http.Listeners)
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
