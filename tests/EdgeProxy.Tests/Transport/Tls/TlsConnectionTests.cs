using System.Security.Cryptography.X509Certificates;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Transport.Tls;

/// <summary>What a TLS connection promises besides secrecy: the contract of <see cref="Connection"/>, and that it holds nothing while idle.</summary>
public sealed class TlsConnectionTests : IDisposable
{
    private static readonly X509Certificate2 s_leaf = TestCertificates.Leaf("CN=api.example.com", null, ["api.example.com"]);
    private static readonly ServerCertificate s_certificate = TestCertificates.Server(s_leaf);

    private readonly TlsPair _pair = new(new TlsServerContexts([new TlsServerName { Name = "api.example.com", Certificates = [s_certificate] }], null, 1));
    private readonly UpstreamTls _settings;

    public TlsConnectionTests() => _settings = new UpstreamTls { CaFile = _pair.File("ca.pem", TestCertificates.Pem(s_leaf)) };

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(16 * 1024)]
    public void Bytes_arrive_however_they_are_cut_into_segments(int segment)
    {
        _pair.Segment = segment;
        (TlsConnection server, TlsConnection client) = Open();
        byte[] bytes = Pattern(segment < 10 ? 5_000 : 200_000);
        Assert.Equal(bytes, _pair.Pass(client, server, bytes));
        Assert.Equal(bytes, _pair.Pass(server, client, bytes));
    }

    [Fact]
    public void All_records_of_one_send_leave_in_one()
    {
        (TlsConnection server, _) = Open();
        int sends = _pair.ServerSide.Sends;
        Assert.Equal(IoResult.Ok(60_000), server.TrySend(Pattern(60_000)));
        Assert.Equal(sends + 1, _pair.ServerSide.Sends);
    }

    [Fact]
    public void Many_records_are_read_by_one_receive()
    {
        (TlsConnection server, TlsConnection client) = Open();
        for (int i = 0; i < 20; i++) client.TrySend(Pattern(1000));
        byte[] all = _pair.ClientSide.Sent[^(20 * 1022)..];
        _pair.ServerSide.Deliver(all);
        byte[] buffer = new byte[64 * 1024];
        Assert.Equal(IoResult.Ok(20_000), server.TryReceive(buffer));
        Assert.Equal(IoStatus.WouldBlock, server.TryReceive(buffer).Status);
    }

    [Fact]
    public void What_does_not_fit_the_readers_room_can_still_be_read_without_a_new_event()
    {
        (TlsConnection server, TlsConnection client) = Open();
        byte[] bytes = Pattern(40_000);
        client.TrySend(bytes);
        _pair.Exchange();
        using var got = new MemoryStream();
        byte[] small = new byte[777];
        while (got.Length < bytes.Length)
        {
            IoResult result = server.TryReceive(small);
            Assert.True(result.IsOk);
            got.Write(small, 0, result.Count);
            if (got.Length < bytes.Length) Assert.Equal(IoStatus.Ok, _pair.Loop.Await(server.ReadableAsync(long.MaxValue)));
        }

        Assert.Equal(bytes, got.ToArray());
        Assert.False(server.MayReceive && server.TryReceive(small).IsOk);
    }

    [Fact]
    public void A_reader_that_stops_is_waited_for_and_loses_nothing()
    {
        (TlsConnection server, TlsConnection client) = Open();
        _pair.ServerSide.SendRoom = 10_000;
        byte[] bytes = Pattern(500_000);
        int sent = server.TrySend(bytes).Count;
        Assert.InRange(sent, 1, 100_000);
        Assert.Equal(IoStatus.WouldBlock, server.TrySend(bytes.AsSpan(sent)).Status);
        LoopTask<IoStatus> waiting = server.WritableAsync(long.MaxValue);
        _pair.Loop.Run();
        Assert.False(waiting.IsCompleted);
        using var got = new MemoryStream();
        bool first = true;
        while (sent < bytes.Length)
        {
            _pair.ServerSide.MakeRoom(50_000);
            _pair.Exchange();
            got.Write(_pair.ReadAll(client));
            if (first && waiting.IsCompleted) first = false;
            IoResult result = server.TrySend(bytes.AsSpan(sent));
            if (result.IsOk) sent += result.Count;
        }

        Assert.Equal(IoStatus.Ok, _pair.Loop.Await(waiting));
        _pair.ServerSide.MakeRoom(long.MaxValue);
        _pair.Exchange();
        got.Write(_pair.ReadAll(client));
        Assert.Equal(bytes, got.ToArray());
        Assert.Equal(0, _pair.Loop.Buffers.Leased);
    }

    [Fact]
    public void What_was_taken_arrives_though_the_connection_is_closed_at_once()
    {
        (TlsConnection server, TlsConnection client) = Open();
        _pair.ServerSide.SendRoom = 1000;
        byte[] bytes = Pattern(20_000);
        Assert.Equal(IoResult.Ok(bytes.Length), server.TrySend(bytes));
        server.Close();
        Assert.False(_pair.ServerSide.IsClosed);
        _pair.ServerSide.MakeRoom(long.MaxValue);
        _pair.Exchange();
        Assert.True(_pair.ServerSide.IsClosed);
        Assert.Equal(bytes, _pair.ReadAll(client));
        Assert.Equal(IoStatus.Closed, client.TryReceive(new byte[1]).Status);
        Assert.False(client.WasTruncated);
        Assert.Equal(0, _pair.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_closed_connection_whose_other_side_takes_nothing_is_given_up_after_a_while()
    {
        (TlsConnection server, _) = Open();
        _pair.ServerSide.SendRoom = 1000;
        server.TrySend(Pattern(20_000));
        server.Close();
        _pair.Loop.Advance(TimeSpan.FromSeconds(29));
        Assert.False(_pair.ServerSide.IsClosed);
        _pair.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_pair.ServerSide.IsClosed);
        Assert.Equal(0, _pair.Loop.Buffers.Leased);
    }

    [Fact]
    public void An_end_in_order_is_told_from_one_that_may_be_cut()
    {
        (TlsConnection server, TlsConnection client) = Open();
        server.TrySend("half"u8);
        server.ShutdownSend();
        _pair.Exchange();
        Assert.True(_pair.ServerSide.SendEnded);
        Assert.Equal("half"u8.ToArray(), _pair.ReadAll(client));
        Assert.Equal(IoStatus.Closed, client.TryReceive(new byte[1]).Status);
        Assert.False(client.WasTruncated);

        // The other direction is still open.
        Assert.Equal("more"u8.ToArray(), _pair.Pass(client, server, "more"u8.ToArray()));

        _pair.ServerSide.DeliverEnd();
        Assert.Equal(IoStatus.Closed, server.TryReceive(new byte[1]).Status);
        Assert.True(server.WasTruncated);
    }

    [Fact]
    public void What_came_before_the_end_is_read_before_the_end()
    {
        (TlsConnection server, TlsConnection client) = Open();
        client.TrySend("last words"u8);
        client.Close();
        _pair.Exchange();
        _pair.ServerSide.DeliverEnd();
        byte[] buffer = new byte[100];
        Assert.Equal(IoResult.Ok(10), server.TryReceive(buffer));
        Assert.True(server.MayReceive);
        Assert.Equal(IoStatus.Closed, server.TryReceive(buffer).Status);
        Assert.False(server.WasTruncated);
    }

    [Fact]
    public void A_changed_byte_breaks_the_connection()
    {
        (TlsConnection server, TlsConnection client) = Open();
        int before = _pair.ClientSide.Sent.Length;
        client.TrySend("a message"u8);
        byte[] record = _pair.ClientSide.Sent[before..];
        record[^1] ^= 1;
        _pair.ServerSide.Deliver(record);
        Assert.Equal(IoStatus.Reset, server.TryReceive(new byte[100]).Status);
        Assert.True(server.IsBroken);
        Assert.Equal(IoStatus.Reset, server.TrySend("x"u8).Status);
    }

    [Fact]
    public void A_break_resets_and_sends_no_close_notify()
    {
        (TlsConnection server, _) = Open();
        int sends = _pair.ServerSide.Sends;
        server.Break();
        Assert.True(_pair.ServerSide.WasBroken);
        Assert.Equal(sends, _pair.ServerSide.Sends);
    }

    [Fact]
    public void A_reset_of_the_other_side_ends_waits_and_is_told_to_the_owner()
    {
        (TlsConnection server, _) = Open();
        var owner = new Owner();
        server.Owner = owner;
        _pair.ServerSide.DeliverReset();
        Assert.Equal(["reset"], owner.Heard);
        (server, _) = Open();
        LoopTask<IoStatus> waiting = server.ReadableAsync(long.MaxValue);
        _pair.ServerSide.DeliverReset();
        Assert.Equal(IoStatus.Ok, _pair.Loop.Await(waiting));
        Assert.Equal(IoStatus.Reset, server.TryReceive(new byte[1]).Status);
    }

    [Fact]
    public void An_idle_connection_to_an_upstream_hears_of_tickets_itself_and_of_bytes_through_its_owner()
    {
        (TlsConnection server, TlsConnection client) = Open(bringTickets: false);
        var owner = new Owner();
        client.Owner = owner;
        _pair.Exchange(); // the ticket, which came behind the handshake
        Assert.Empty(owner.Heard);
        Assert.False(client.MayReceive);
        server.TrySend("unasked"u8);
        _pair.Exchange();
        Assert.Equal(["readable"], owner.Heard);
        Assert.True(client.MayReceive);
        Assert.Equal("unasked"u8.ToArray(), _pair.ReadAll(client));
    }

    [Fact]
    public void An_idle_pair_holds_no_buffer()
    {
        (TlsConnection server, TlsConnection client) = Open();
        Assert.Equal(Pattern(30_000), _pair.Pass(client, server, Pattern(30_000)));
        Assert.Equal(0, _pair.Loop.Buffers.Leased);
    }

    [Fact]
    public void Nothing_is_allocated_by_records()
    {
        (TlsConnection server, TlsConnection client) = Open();
        byte[] bytes = Pattern(10_000);
        byte[] room = new byte[64 * 1024];
        byte[][] records = new byte[50][]; // what may be received in one turn
        for (int i = 0; i < records.Length; i++)
        {
            int before = _pair.ClientSide.Sent.Length;
            client.TrySend(bytes);
            records[i] = _pair.ClientSide.Sent[before..];
        }

        // By tens: a collection meanwhile, for tests that run beside this one, counts the rest of this thread's allocation buffer.
        long least = long.MaxValue;
        for (int i = 0; i < records.Length; i += 10)
        {
            long allocated = 0;
            for (int j = i; j < i + 10; j++)
            {
                _pair.ServerSide.Deliver(records[j]);
                long start = GC.GetAllocatedBytesForCurrentThread();
                IoResult result = server.TryReceive(room);
                allocated += GC.GetAllocatedBytesForCurrentThread() - start;
                Assert.Equal(bytes.Length, result.Count);
            }

            least = Math.Min(least, allocated);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void A_flood_of_key_updates_ends_the_connection()
    {
        (TlsConnection server, TlsConnection client) = Open();
        int before = _pair.ClientSide.Sent.Length;
        for (int i = 0; i < TlsConnection.MostControlRecords + 10; i++) client.UpdateKey();
        _pair.ServerSide.Deliver(_pair.ClientSide.Sent[before..]);
        Assert.Equal(IoStatus.Reset, server.TryReceive(new byte[10]).Status);
    }

    [Fact]
    public void Key_updates_within_reason_are_followed()
    {
        (TlsConnection server, TlsConnection client) = Open();
        for (int i = 0; i < 20; i++)
        {
            client.UpdateKey();
            Assert.Equal(Pattern(100), _pair.Pass(client, server, Pattern(100)));
            Assert.Equal(Pattern(100), _pair.Pass(server, client, Pattern(100)));
        }
    }

    private static byte[] Pattern(int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) bytes[i] = (byte)(i * 7 / 3);
        return bytes;
    }

    private (TlsConnection Server, TlsConnection Client) Open(bool bringTickets = true)
    {
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake("api.example.com", _settings);
        Assert.Equal(TlsFailure.None, accepted.Failure);
        Assert.Equal(TlsFailure.None, connected.Failure);
        if (bringTickets) _pair.ReadAll(connected.Connection!);
        return (accepted.Connection!, connected.Connection!);
    }

    private sealed class Owner : IConnectionOwner
    {
        public List<string> Heard { get; } = [];

        public void OnReadable() => Heard.Add("readable");

        public void OnReset() => Heard.Add("reset");

        public void OnDeadline() => Heard.Add("deadline");
    }
}
