using System.Net.Sockets;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Tests.Transport.Loops;

/// <summary>What a connection promises, over real sockets, on both kinds of loop. Where the kernel refuses io_uring, its half has nothing to say.</summary>
public sealed class SocketLoopTests
{
    private const long Never = long.MaxValue;
    private const string Epoll = "epoll";
    private const string Uring = "io_uring";

    [Theory]
    [InlineData(Epoll, 1)]
    [InlineData(Epoll, 3_000_000)]
    [InlineData(Uring, 1)]
    [InlineData(Uring, 3_000_000)]
    public void Bytes_come_back_as_they_were_sent(string backend, int size)
    {
        using LoopThread? loop = LoopThread.StartOrNull(backend, EchoAsync);
        if (loop is null) return;
        using Socket socket = loop.Connect();
        byte[] sent = Pattern(size);
        var sender = new Thread(() =>
        {
            socket.Send(sent);
            socket.Shutdown(SocketShutdown.Send);
        });
        sender.Start();
        Assert.Equal(sent, ReadToEnd(socket));
        sender.Join();
    }

    [Theory]
    [InlineData(Epoll)]
    [InlineData(Uring)]
    public void A_reader_that_stops_holds_its_sender_back_and_loses_nothing(string backend)
    {
        using var mayRead = new ManualResetEventSlim();
        LoopSignal<IoStatus>? go = null;
        using LoopThread? loop = LoopThread.StartOrNull(backend, async connection =>
        {
            go = new LoopSignal<IoStatus>();
            mayRead.Set();
            await go.WaitAsync();
            await EchoAsync(connection);
        });
        if (loop is null) return;
        using Socket socket = loop.Connect();
        Assert.True(mayRead.Wait(LoopThread.Patience));
        const int Most = 64 * 1024 * 1024;
        byte[] bytes = Pattern(Most);
        int sent = 0;

        // Until nothing more goes in: what the kernel and the loop hold between them is bounded.
        while (sent < Most && socket.Poll(200_000, SelectMode.SelectWrite))
        {
            socket.Blocking = false;
            sent += socket.Send(bytes.AsSpan(sent, Math.Min(65536, Most - sent)), SocketFlags.None, out SocketError _);
        }

        Assert.InRange(sent, 1, Most - 1);
        socket.Blocking = true;
        socket.Shutdown(SocketShutdown.Send);
        loop.OnLoop(() => go!.Set(IoStatus.Ok));
        Assert.Equal(bytes[..sent], ReadToEnd(socket));
    }

    [Theory]
    [InlineData(Epoll)]
    [InlineData(Uring)]
    public void What_was_taken_for_sending_arrives_though_the_connection_is_closed_at_once(string backend)
    {
        byte[] answer = Pattern(9000);
        using LoopThread? loop = LoopThread.StartOrNull(backend, async connection =>
        {
            await connection.WritableAsync(Never);
            Assert.Equal(IoResult.Ok(answer.Length), connection.TrySend(answer));
            connection.Close();
        });
        if (loop is null) return;
        using Socket socket = loop.Connect();
        Assert.Equal(answer, ReadToEnd(socket));
    }

    [Theory]
    [InlineData(Epoll)]
    [InlineData(Uring)]
    public void What_a_slow_reader_has_not_fetched_yet_arrives_after_a_close(string backend)
    {
        long taken = 0;
        using var closed = new ManualResetEventSlim();
        byte[] bytes = Pattern(40_000_000);
        using LoopThread? loop = LoopThread.StartOrNull(backend, async connection =>
        {
            await connection.WritableAsync(Never);
            for (int i = 0; i < 3; i++)
            {
                while (true)
                {
                    IoResult result = connection.TrySend(bytes.AsSpan((int)taken, 10_000));
                    if (!result.IsOk) break;
                    taken += result.Count;
                }

                await connection.Loop.YieldAsync();
            }

            connection.Close();
            closed.Set();
        });
        if (loop is null) return;
        using Socket socket = loop.Connect(receiveBuffer: 8192);
        Assert.True(closed.Wait(LoopThread.Patience));
        Assert.Equal(bytes[..(int)taken], ReadToEnd(socket));
    }

    [Theory]
    [InlineData(Epoll)]
    [InlineData(Uring)]
    public void A_break_is_a_reset_and_never_an_orderly_end(string backend)
    {
        using LoopThread? loop = LoopThread.StartOrNull(backend, async connection =>
        {
            await connection.ReadableAsync(Never);
            connection.TrySend("cut sho"u8);
            connection.Break();
        });
        if (loop is null) return;
        using Socket socket = loop.Connect();
        socket.Send("x"u8);
        SocketException exception = Assert.Throws<SocketException>(() => ReadToEnd(socket));
        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
    }

    [Theory]
    [InlineData(Epoll)]
    [InlineData(Uring)]
    public void The_end_of_our_direction_comes_after_what_was_sent_and_leaves_the_other_open(string backend)
    {
        byte[] head = Pattern(5000);
        var heard = new List<byte>();
        using var done = new ManualResetEventSlim();
        using LoopThread? loop = LoopThread.StartOrNull(backend, async connection =>
        {
            await connection.WritableAsync(Never);
            connection.TrySend(head);
            connection.ShutdownSend();
            await CollectAsync(connection, heard);
            connection.Close();
            done.Set();
        });
        if (loop is null) return;
        using Socket socket = loop.Connect();
        Assert.Equal(head, ReadToEnd(socket));
        socket.Send("still here"u8);
        socket.Shutdown(SocketShutdown.Send);
        Assert.True(done.Wait(LoopThread.Patience));
        Assert.Equal("still here"u8, heard.ToArray());
    }

    [Theory]
    [InlineData(Epoll)]
    [InlineData(Uring)]
    public void A_reset_by_the_other_side_ends_a_wait(string backend)
    {
        IoStatus status = IoStatus.Ok;
        using var accepted = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        using LoopThread? loop = LoopThread.StartOrNull(backend, async connection =>
        {
            accepted.Set();
            status = await connection.ReadableAsync(Never);
            if (status == IoStatus.Ok) status = connection.TryReceive(new byte[16]).Status;
            connection.Close();
            done.Set();
        });
        if (loop is null) return;
        using (Socket socket = loop.Connect())
        {
            Assert.True(accepted.Wait(LoopThread.Patience));
            socket.LingerState = new LingerOption(true, 0);
        }

        Assert.True(done.Wait(LoopThread.Patience));
        Assert.Equal(IoStatus.Reset, status);
    }

    [Theory]
    [InlineData(Epoll)]
    [InlineData(Uring)]
    public void A_wait_ends_at_its_deadline(string backend)
    {
        IoStatus status = IoStatus.Ok;
        using var done = new ManualResetEventSlim();
        using LoopThread? loop = LoopThread.StartOrNull(backend, async connection =>
        {
            status = await connection.ReadableAsync(connection.Loop.Now + 20_000_000);
            connection.Close();
            done.Set();
        });
        if (loop is null) return;
        using Socket socket = loop.Connect();
        Assert.True(done.Wait(LoopThread.Patience));
        Assert.Equal(IoStatus.TimedOut, status);
        Assert.Empty(ReadToEnd(socket));
    }

    [Theory]
    [InlineData(Epoll)]
    [InlineData(Uring)]
    public void Connects_to_who_listens_and_says_reset_of_who_does_not(string backend)
    {
        ConnectResult refused = default;
        IoResult echoed = default;
        using var done = new ManualResetEventSlim();
        using LoopThread? loop = LoopThread.StartOrNull(backend, EchoAsync);
        if (loop is null) return;
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)); // bound, and listening to nobody
        ushort closedPort = (ushort)((System.Net.IPEndPoint)other.LocalEndPoint!).Port;
        loop.OnLoop(() => TryBothAsync().Forget());
        Assert.True(done.Wait(LoopThread.Patience));
        Assert.Equal((IoStatus.Reset, null), (refused.Status, refused.Connection));
        Assert.Equal(IoResult.Ok(5), echoed);

        async LoopTask TryBothAsync()
        {
            var connector = new SocketConnector(loop.Loop);
            refused = await connector.ConnectAsync(new IpEndpoint(IpAddress.FromV4(0x7F000001), closedPort), Never);
            ConnectResult made = await connector.ConnectAsync(loop.Endpoint, Never);
            Assert.Equal(IoStatus.Ok, made.Status);
            made.Connection!.TrySend("hello"u8);
            await made.Connection.ReadableAsync(Never);
            echoed = made.Connection.TryReceive(new byte[16]);
            made.Connection.Close();
            done.Set();
        }
    }

    [Theory]
    [InlineData(Epoll)]
    [InlineData(Uring)]
    public void More_connections_than_receive_buffers_are_all_served(string backend)
    {
        using LoopThread? loop = LoopThread.StartOrNull(backend, EchoAsync);
        if (loop is null) return;
        Socket[] sockets = [.. Enumerable.Range(0, 400).Select(_ => loop.Connect())];
        byte[] sent = Pattern(20_000);
        for (int round = 0; round < 3; round++)
        {
            // All of them speak while the loop is held up, so that it meets them in one turn.
            using var held = new ManualResetEventSlim();
            loop.OnLoop(() => held.Wait(LoopThread.Patience));
            foreach (Socket socket in sockets) socket.Send(sent);
            held.Set();
            foreach (Socket socket in sockets) Assert.Equal(sent, ReadExactly(socket, sent.Length));
        }

        foreach (Socket socket in sockets) socket.Dispose();
    }

    private static async LoopTask EchoAsync(Connection connection)
    {
        var outbound = new OutboundBuffer(connection.Loop.Buffers);
        byte[] buffer = new byte[50_000];
        while (await connection.ReadableAsync(Never) == IoStatus.Ok)
        {
            IoResult result = connection.TryReceive(buffer);
            if (result.Status == IoStatus.WouldBlock) continue;
            if (!result.IsOk) break;
            if (outbound.Send(connection, buffer.AsSpan(0, result.Count)) != IoStatus.WouldBlock) continue;
            if (await outbound.DrainAsync(connection, MinimumRate.None) != IoStatus.Ok) break;
        }

        outbound.Clear();
        connection.Close();
    }

    private static async LoopTask CollectAsync(Connection connection, List<byte> into)
    {
        byte[] buffer = new byte[1000];
        while (await connection.ReadableAsync(Never) == IoStatus.Ok)
        {
            IoResult result = connection.TryReceive(buffer);
            if (result.IsOk) into.AddRange(buffer.AsSpan(0, result.Count));
            else if (result.Status != IoStatus.WouldBlock) return;
        }
    }

    private static byte[] Pattern(int size)
    {
        byte[] bytes = new byte[size];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private static byte[] ReadToEnd(Socket socket)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[65536];
        for (int count; (count = socket.Receive(buffer)) > 0;) all.Write(buffer, 0, count);
        return all.ToArray();
    }

    private static byte[] ReadExactly(Socket socket, int size)
    {
        byte[] bytes = new byte[size];
        for (int have = 0; have < size;)
        {
            int count = socket.Receive(bytes, have, size - have, SocketFlags.None);
            Assert.True(count > 0, "the connection ended early");
            have += count;
        }

        return bytes;
    }
}
