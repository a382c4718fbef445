using System.Security.Cryptography.X509Certificates;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Transport.Tls;

/// <summary>What a server is asked for and serves, and how handshakes end that do not come to their end.</summary>
public sealed class TlsAcceptorTests : IDisposable
{
    private static readonly X509Certificate2 s_exact = TestCertificates.Leaf("CN=exact", null, ["api.example.com"]);
    private static readonly X509Certificate2 s_wild = TestCertificates.Leaf("CN=wild", null, ["*.example.com"]);
    private static readonly UpstreamTls s_trusting = new() { InsecureSkipVerification = true };

    private readonly TlsPair _pair = new(Contexts(null), new TlsOptions { MaxHandshakes = 3 });

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void Serves_the_exact_name_before_the_wildcard_and_a_wildcard_for_one_label_only()
    {
        Assert.True(Serves("api.example.com", s_exact));
        Assert.False(Serves("api.example.com", s_wild));
        Assert.True(Serves("www.example.com", s_wild));
        Assert.True(Serves("WWW.Example.com", s_wild));
        Assert.Equal(TlsFailure.UnknownName, Accept("a.b.example.com").Failure);
        Assert.Equal(TlsFailure.UnknownName, Accept("example.com").Failure);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_alert_for_it_unless_there_is_a_default()
    {
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake("other.org", s_trusting);
        Assert.Equal(TlsFailure.UnknownName, accepted.Failure);
        Assert.Equal(TlsFailure.RefusedByPeer, connected.Failure);
        Assert.Equal([21, 3, 1, 0, 2, 2, 112], _pair.ServerSide.Sent);
        X509Certificate2 fallback = TestCertificates.Leaf("CN=default", null, ["other.org"]);
        _pair.Server.Contexts = Contexts(new TlsServerName { Name = "_default", Certificates = [TestCertificates.Server(fallback)] });
        Assert.True(Serves("other.org", fallback));
    }

    [Fact]
    public void A_swap_holds_for_the_next_handshake_and_leaves_open_connections_alone()
    {
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake("api.example.com", s_trusting);
        X509Certificate2 renewed = TestCertificates.Leaf("CN=renewed", null, ["api.example.com"]);
        _pair.Server.Contexts = new TlsServerContexts([new TlsServerName { Name = "api.example.com", Certificates = [TestCertificates.Server(renewed)] }], null, 1);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal("ping"u8.ToArray(), _pair.Pass(connected.Connection!, accepted.Connection!, "ping"u8.ToArray()));
        Assert.True(Serves("api.example.com", renewed));
    }

    [Theory]
    [InlineData(ApplicationProtocols.Http11, ApplicationProtocols.Both, TlsFailure.None, ApplicationProtocol.Http11)]
    [InlineData(ApplicationProtocols.Both, ApplicationProtocols.Both, TlsFailure.None, ApplicationProtocol.Http2)]
    [InlineData(ApplicationProtocols.Both, ApplicationProtocols.None, TlsFailure.None, ApplicationProtocol.None)]
    [InlineData(ApplicationProtocols.Http11, ApplicationProtocols.Http2, TlsFailure.NoCommonProtocol, ApplicationProtocol.None)]
    public void Agrees_on_a_protocol_of_the_listener_or_refuses(ApplicationProtocols listener, ApplicationProtocols client, TlsFailure failure, ApplicationProtocol agreed)
    {
        _pair.Offered = listener;
        (TlsAccepted accepted, _) = _pair.Shake("api.example.com", s_trusting, client);
        Assert.Equal(failure, accepted.Failure);
        if (failure == TlsFailure.None) Assert.Equal(agreed, accepted.Connection!.Tls!.Protocol);
    }

    [Fact]
    public void A_handshake_cut_at_any_byte_ends_as_closed_and_leaks_nothing()
    {
        byte[] hello = FirstFlight("api.example.com");
        for (int i = 0; i < hello.Length; i += 3)
        {
            var side = new MemoryConnection(_pair.Loop);
            LoopTask<TlsAccepted> accepting = _pair.Acceptor.AcceptAsync(side, default, ApplicationProtocols.Both);
            side.Deliver(hello.AsSpan(0, i));
            _pair.Loop.Run();
            side.DeliverEnd();
            Assert.Equal(TlsFailure.Closed, _pair.Loop.Await(accepting).Failure);
            Assert.True(side.IsClosed);
        }

        Assert.Equal(0, _pair.Loop.Buffers.Leased);
        Assert.Equal(0, _pair.Acceptor.UnderWay);
    }

    [Fact]
    public void A_handshake_that_arrives_byte_by_byte_ends_well()
    {
        _pair.Segment = 1;
        Assert.Equal(TlsFailure.None, Accept("api.example.com").Failure);
    }

    [Fact]
    public void Bytes_received_before_are_part_of_it()
    {
        byte[] hello = FirstFlight("api.example.com");
        var side = new MemoryConnection(_pair.Loop);
        LoopTask<TlsAccepted> accepting = _pair.Acceptor.AcceptAsync(side, hello.AsSpan(0, 50), ApplicationProtocols.Both);
        side.Deliver(hello.AsSpan(50));
        _pair.Loop.Run();
        Assert.True(side.Sent.Length > 500, "the server has answered with its certificate");
        side.DeliverReset();
        Assert.Equal(TlsFailure.Reset, _pair.Loop.Await(accepting).Failure);
    }

    [Fact]
    public void Every_changed_byte_of_the_first_flight_ends_as_a_failure_or_waits_and_never_throws()
    {
        byte[] hello = FirstFlight("api.example.com");
        for (int i = 0; i < hello.Length; i += 2)
        {
            byte[] changed = [.. hello];
            changed[i] ^= 0x5A;
            var side = new MemoryConnection(_pair.Loop);
            LoopTask<TlsAccepted> accepting = _pair.Acceptor.AcceptAsync(side, default, ApplicationProtocols.Both);
            side.Deliver(changed);
            _pair.Loop.Run();
            side.DeliverEnd();
            Assert.NotEqual(TlsFailure.None, _pair.Loop.Await(accepting).Failure);
        }

        Assert.Equal(0, _pair.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_client_that_says_nothing_ends_with_the_deadline()
    {
        var side = new MemoryConnection(_pair.Loop);
        LoopTask<TlsAccepted> accepting = _pair.Acceptor.AcceptAsync(side, default, ApplicationProtocols.Both);
        _pair.Loop.Advance(TimeSpan.FromSeconds(9));
        Assert.False(accepting.IsCompleted);
        _pair.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TlsFailure.TimedOut, _pair.Loop.Await(accepting).Failure);
        Assert.True(side.IsClosed);
    }

    [Fact]
    public void A_client_that_stops_after_its_hello_ends_with_the_same_deadline()
    {
        var side = new MemoryConnection(_pair.Loop);
        LoopTask<TlsAccepted> accepting = _pair.Acceptor.AcceptAsync(side, default, ApplicationProtocols.Both);
        _pair.Loop.Advance(TimeSpan.FromSeconds(6));
        side.Deliver(FirstFlight("api.example.com"));
        _pair.Loop.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TlsFailure.TimedOut, _pair.Loop.Await(accepting).Failure);
    }

    [Fact]
    public void Beyond_the_limit_of_handshakes_a_connection_is_closed_at_once()
    {
        MemoryConnection[] sides = [.. Enumerable.Range(0, 3).Select(_ => new MemoryConnection(_pair.Loop))];
        LoopTask<TlsAccepted>[] accepting = [.. sides.Select(side => _pair.Acceptor.AcceptAsync(side, default, ApplicationProtocols.Both))];
        var late = new MemoryConnection(_pair.Loop);
        Assert.Equal(TlsFailure.TooMany, _pair.Loop.Await(_pair.Acceptor.AcceptAsync(late, default, ApplicationProtocols.Both)).Failure);
        Assert.True(late.IsClosed);
        Assert.Equal(3, _pair.Acceptor.UnderWay);
        foreach (MemoryConnection side in sides) side.DeliverReset();
        foreach (LoopTask<TlsAccepted> task in accepting) Assert.Equal(TlsFailure.Reset, _pair.Loop.Await(task).Failure);
        Assert.Equal(0, _pair.Acceptor.UnderWay);
        Assert.Equal(TlsFailure.None, Accept("api.example.com").Failure);
    }

    [Fact]
    public void Closing_the_connection_meanwhile_ends_the_handshake_as_given_up()
    {
        var side = new MemoryConnection(_pair.Loop);
        LoopTask<TlsAccepted> accepting = _pair.Acceptor.AcceptAsync(side, default, ApplicationProtocols.Both);
        side.Close();
        Assert.Equal(TlsFailure.Aborted, _pair.Loop.Await(accepting).Failure);
    }

    [Fact]
    public void A_session_is_resumed_after_one_change_of_the_ticket_keys_and_not_after_many()
    {
        Assert.False(Accept("api.example.com").Connection!.Tls!.Resumed);
        Assert.True(Accept("api.example.com").Connection!.Tls!.Resumed);
        Assert.True(Accept("api.example.com").Connection!.Tls!.Resumed);
        _pair.Server.TicketKeys.Rotate();
        Assert.True(Accept("api.example.com").Connection!.Tls!.Resumed);
        for (int i = 0; i < 3; i++) _pair.Server.TicketKeys.Rotate();
        Assert.False(Accept("api.example.com").Connection!.Tls!.Resumed);
    }

    [Fact]
    public void Handshakes_are_counted_by_name_version_suite_and_result()
    {
        Accept("www.example.com");
        Accept("www.example.com");
        Accept("other.org");
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        _pair.Registry.Write(text, EdgeProxy.Telemetry.Metrics.ExpositionFormat.Text);
        string metrics = System.Text.Encoding.UTF8.GetString(text.WrittenSpan);
        Assert.Contains("edgeproxy_tls_handshakes_total{domain=\"*.example.com\",version=\"TLSv1.3\",cipher=\"TLS_AES_128_GCM_SHA256\",result=\"full\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("result=\"resumed\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("result=\"unknown_name\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("edgeproxy_tls_handshakes_in_progress 0", metrics, StringComparison.Ordinal);
    }

    private static TlsServerContexts Contexts(TlsServerName? fallback) => new(
        [
            new TlsServerName { Name = "api.example.com", Certificates = [TestCertificates.Server(s_exact)] },
            new TlsServerName { Name = "*.EXAMPLE.com", Certificates = [TestCertificates.Server(s_wild)] },
        ],
        fallback,
        1);

    private TlsAccepted Accept(string host)
    {
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake(host, s_trusting);
        if (connected.Connection is not null) _pair.ReadAll(connected.Connection); // the ticket
        return accepted;
    }

    private bool Serves(string host, X509Certificate2 certificate)
    {
        var only = new UpstreamTls { CaFile = _pair.File($"{certificate.SerialNumber}.pem", TestCertificates.Pem(certificate)) };
        return _pair.Shake(host, only).Connected.Failure == TlsFailure.None;
    }

    private byte[] FirstFlight(string host)
    {
        (LoopTask<TlsAccepted> accepting, LoopTask<TlsConnectResult> connecting) = _pair.Begin(host, s_trusting);
        _pair.Loop.Run();
        byte[] hello = _pair.ClientSide.Sent;
        _pair.ServerSide.DeliverReset();
        _pair.ClientSide.DeliverReset();
        _pair.Loop.Await(accepting);
        _pair.Loop.Await(connecting);
        return hello;
    }
}
