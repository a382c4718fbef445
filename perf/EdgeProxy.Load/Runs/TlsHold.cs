using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace EdgeProxy.Load.Runs;

/// <summary>Opens many TLS connections, makes one request on each, by HTTP/1.1 or HTTP/2, and holds them.</summary>
/// <remarks>The platform's own TLS serves here: nothing about the client is measured, only what the server keeps.</remarks>
internal sealed class TlsHold(int port, string path, int connections, SslApplicationProtocol protocol) : IDisposable
{
    private const int AtOnce = 16;
    private static readonly TimeSpan TimeOut = TimeSpan.FromSeconds(20);
    private readonly List<SslStream> _held = [];
    private int _next;

    /// <summary>Connections that were served and are still held.</summary>
    public int Held => _held.Count;

    /// <summary>Connections that failed.</summary>
    public int Lost { get; private set; }

    /// <summary>Opens all; returns when each was served or failed.</summary>
    public void Open() => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(OpenSomeAsync))).GetAwaiter().GetResult();

    public void Dispose()
    {
        foreach (SslStream stream in _held) stream.Dispose();
        _held.Clear();
    }

    private async Task OpenSomeAsync()
    {
        while (Interlocked.Increment(ref _next) <= connections)
        {
            SslStream? stream = null;
            try
            {
                using CancellationTokenSource late = new(TimeOut);
                stream = await ConnectAsync(late.Token);
                bool served = protocol == SslApplicationProtocol.Http2 ? await AskHttp2Async(stream, late.Token) : await AskHttp1Async(stream, late.Token);
                if (!served) throw new IOException("no answer");
                lock (_held) _held.Add(stream);
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                if (stream is not null) await stream.DisposeAsync();
                lock (_held) Lost++;
            }
        }
    }

    private async Task<SslStream> ConnectAsync(CancellationToken late)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, late);
        SslStream stream = new(new NetworkStream(socket, ownsSocket: true));
        SslClientAuthenticationOptions options = new() { TargetHost = "localhost", ApplicationProtocols = [protocol] };
#pragma warning disable CA5359 // the server made its certificate itself
        options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        await stream.AuthenticateAsClientAsync(options, late);
        return stream;
    }

    private async Task<bool> AskHttp1Async(SslStream stream, CancellationToken late)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), late);
        byte[] answer = new byte[16 * 1024];
        int length = 0;
        Messages.ResponseReader reader = new(Messages.BodyRule.ByHead);
        while (true)
        {
            int received = await stream.ReadAsync(answer, late);
            if (received == 0) return false;
            length += received;
            Messages.ReadStep step = reader.Read(answer.AsSpan(0, received), out _);
            if (step == Messages.ReadStep.Complete) return reader.Status == 200;
            if (step == Messages.ReadStep.Malformed || length > answer.Length) return false;
        }
    }

    private async Task<bool> AskHttp2Async(SslStream stream, CancellationToken late)
    {
        await stream.WriteAsync(Http2Frames.FirstRequest("https", "localhost", path), late);
        byte[] received = new byte[32 * 1024];
        int length = 0;
        while (true)
        {
            int more = await stream.ReadAsync(received.AsMemory(length), late);
            if (more == 0) return false;
            length += more;
            int at = 0;
            while (Http2Frames.TryRead(received.AsSpan(at, length - at), out Http2Frames.Frame frame))
            {
                at += Http2Frames.HeaderSize + frame.Length;
                if (frame.Type == Http2Frames.Settings && (frame.Flags & Http2Frames.Ack) == 0) await stream.WriteAsync(Http2Frames.SettingsAck, late);
                if (frame.Type is Http2Frames.ResetStream or Http2Frames.GoAway) return false;
                if (frame.Stream == 1 && frame.Type is Http2Frames.Headers or Http2Frames.Data && (frame.Flags & Http2Frames.EndStream) != 0) return true;
            }

            received.AsSpan(at, length - at).CopyTo(received);
            length -= at;
            if (length == received.Length) return false;
        }
    }
}
