using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>A backend over TLS that says what it saw: the name asked for and the client's certificate.</summary>
internal sealed class TlsUpstream : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly X509Certificate2 _certificate;
    private readonly bool _asksForCertificate;
    private int _handshakes;

    /// <param name="certificate">The PEM file of what it shows.</param>
    /// <param name="key">The PEM file of its key.</param>
    /// <param name="asksForCertificate">Whether it wants one of its client.</param>
    public TlsUpstream(string certificate, string key, bool asksForCertificate = false)
    {
        using X509Certificate2 fromPem = X509Certificate2.CreateFromPemFile(certificate, key);
        _certificate = X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), password: null); // SslStream wants it so
        _asksForCertificate = asksForCertificate;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Handshakes that came to their end.</summary>
    public int Handshakes => Volatile.Read(ref _handshakes);

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        string name = "";
        try
        {
            using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
            await stream.AuthenticateAsServerAsync(
                (_, hello, _, _) =>
                {
                    name = hello.ServerName;
                    return ValueTask.FromResult(new SslServerAuthenticationOptions
                    {
                        ServerCertificate = _certificate,
                        ClientCertificateRequired = _asksForCertificate,
                        RemoteCertificateValidationCallback = (_, _, _, _) => true,
                    });
                },
                null);
            Interlocked.Increment(ref _handshakes);
            string client = stream.RemoteCertificate?.Subject ?? "nobody";
            byte[] buffer = new byte[16 * 1024];
            int count = 0;
            while (true)
            {
                int got = await stream.ReadAsync(buffer.AsMemory(count));
                if (got == 0) return;
                count += got;
                if (!Encoding.ASCII.GetString(buffer, 0, count).Contains("\r\n\r\n", StringComparison.Ordinal)) continue;
                count = 0;
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nX-Name: {name}\r\nX-Client: {client}\r\nContent-Length: 5\r\n\r\nhello"));
            }
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or ObjectDisposedException)
        {
            // The client did not like us, or went away; the test looks at what it says.
        }
    }
}
