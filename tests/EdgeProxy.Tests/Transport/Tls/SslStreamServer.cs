using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Tests.Transport.Loops;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Transport.Tls;

/// <summary>The class library's server, fed through memory: a peer that serves what ours refuses to load.</summary>
internal sealed class SslStreamServer(X509Certificate2 certificate) : IDisposable
{
    private readonly TcpListener _listener = Start();

    /// <summary>Runs a handshake of our client with it, its bytes carried between sockets and the pair's memory.</summary>
    public TlsFailure Shake(TlsPair pair, string host, UpstreamTls settings)
    {
        Task serving = ServeAsync();
        using var wire = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)LoopThread.Patience.TotalMilliseconds };
        wire.Connect(_listener.LocalEndpoint);
        (_, LoopTask<TlsConnectResult> connecting) = pair.Begin(host, settings);
        pair.Loop.Run();
        int taken = 0;
        byte[] buffer = new byte[16384];
        while (!connecting.IsCompleted)
        {
            byte[] sent = pair.ClientSide.Sent;
            if (taken < sent.Length) wire.Send(sent.AsSpan(taken));
            taken = sent.Length;
            int received = wire.Receive(buffer);
            if (received > 0) pair.ClientSide.Deliver(buffer.AsSpan(0, received));
            else pair.ClientSide.DeliverEnd();
            pair.Loop.Run();
        }

        wire.Close();
        Assert.True(serving.ContinueWith(static _ => { }, TaskScheduler.Default).Wait(LoopThread.Patience));
        pair.ServerSide.DeliverReset();
        pair.Loop.Run();
        return pair.Loop.Await(connecting).Failure;
    }

    public void Dispose() => _listener.Stop();

    private static TcpListener Start()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private async Task ServeAsync()
    {
        using TcpClient client = await _listener.AcceptTcpClientAsync();
        using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(certificate);
        await stream.ReadExactlyAsync(new byte[1]);
    }
}
