using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Client.Http2;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Http.Client;

public sealed class UpstreamClientsTests : IDisposable
{
    private readonly LoopHarness _loop = new();
    private readonly MemoryConnector _plain;
    private readonly FakeSecure _secure;
    private readonly UpstreamClients _clients;

    public UpstreamClientsTests()
    {
        _plain = new MemoryConnector(_loop);
        _secure = new FakeSecure(_loop);
        _clients = new UpstreamClients(_loop, _plain, new UpstreamOptions(), new UpstreamMetrics(new MetricRegistry(1)), secure: _secure);
    }

    public void Dispose()
    {
        _clients.Close();
        _loop.Run();
        _loop.ThrowUnhandled();
        _loop.Dispose();
    }

    [Theory]
    [InlineData(UpstreamProtocol.Http1, ApplicationProtocols.Http11)]
    [InlineData(UpstreamProtocol.Http2, ApplicationProtocols.Http2)]
    public void Speaks_tls_where_the_name_says_so_and_offers_what_it_will_speak(UpstreamProtocol protocol, ApplicationProtocols offer)
    {
        var tls = new UpstreamTls { ServerName = "inner" };
        _secure.Speaks = protocol == UpstreamProtocol.Http2 ? ApplicationProtocol.Http2 : ApplicationProtocol.Http11;
        UpstreamCall call = Call(new UpstreamName("127.0.0.1", 443, protocol, tls), out LoopTask<UpstreamOutcome> sending);
        Assert.Equal(("127.0.0.1", tls, offer), Assert.Single(_secure.Asked));
        Assert.Empty(_plain.Opened);
        if (protocol == UpstreamProtocol.Http2)
        {
            var peer = new Http2UpstreamPeer(_secure.Opened[0]);
            Assert.Contains(" :scheme=https ", peer.Take()[^1], StringComparison.Ordinal);
            peer.Settings().Head(1, 204, ends: true);
        }
        else
        {
            Assert.StartsWith("GET / HTTP/1.1\r\n", _secure.Opened[0].TakeSent(), StringComparison.Ordinal);
            _secure.Opened[0].Deliver("HTTP/1.1 204 No Content\r\n\r\n");
        }

        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
        call.Return();
    }

    [Theory]
    [InlineData(ApplicationProtocol.Http11)]
    [InlineData(ApplicationProtocol.None)]
    public void An_upstream_that_must_speak_http_2_and_does_not_agree_to_it_cannot_be_reached(ApplicationProtocol speaks)
    {
        _secure.Speaks = speaks;
        Call(new UpstreamName("127.0.0.1", 443, UpstreamProtocol.Http2, UpstreamTls.Default), out LoopTask<UpstreamOutcome> sending);
        Assert.Equal(UpstreamOutcome.TlsFailed, _loop.Await(sending));
        Assert.True(_secure.Opened[0].IsClosed);
        Assert.Empty(_secure.Opened[0].Sent);
    }

    [Theory]
    [InlineData(TlsFailure.None, UpstreamOutcome.ConnectFailed)]
    [InlineData(TlsFailure.UntrustedCertificate, UpstreamOutcome.CertificateUntrusted)]
    [InlineData(TlsFailure.NameMismatch, UpstreamOutcome.CertificateNameMismatch)]
    [InlineData(TlsFailure.Expired, UpstreamOutcome.CertificateExpired)]
    [InlineData(TlsFailure.NotTls, UpstreamOutcome.TlsFailed)]
    public void A_failed_handshake_says_why_and_is_no_plain_connection(TlsFailure failure, UpstreamOutcome outcome)
    {
        _secure.Outcome = IoStatus.Reset;
        _secure.Failure = failure;
        Call(new UpstreamName("127.0.0.1", 443, UpstreamProtocol.Http1, UpstreamTls.Default), out LoopTask<UpstreamOutcome> sending);
        Assert.Equal(outcome, _loop.Await(sending));
        Assert.Empty(_plain.Opened); // never in the clear
    }

    [Fact]
    public void An_upstream_that_may_speak_either_is_asked_beside_the_first_call()
    {
        var name = new UpstreamName("127.0.0.1", 443, UpstreamProtocol.Auto, UpstreamTls.Default);
        _secure.Speaks = ApplicationProtocol.Http2;
        UpstreamCall first = Call(name, out _);
        Assert.IsType<Http1Call>(first);
        Assert.Equal([ApplicationProtocols.Both, ApplicationProtocols.Http11], _secure.Asked.Select(asked => asked.Offer));
        UpstreamCall second = Call(name, out LoopTask<UpstreamOutcome> sending);
        Assert.IsType<Http2Call>(second);
        Assert.Equal(2, _secure.Asked.Count); // on the connection that had been the question
        new Http2UpstreamPeer(_secure.Opened[0]).Settings().Head(1, 204, ends: true);
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
    }

    [Fact]
    public void One_that_speaks_http_1_only_stays_so_until_it_is_asked_again()
    {
        var name = new UpstreamName("127.0.0.1", 443, UpstreamProtocol.Auto, UpstreamTls.Default);
        _secure.Speaks = ApplicationProtocol.Http11;
        Call(name, out _);
        Assert.IsType<Http1Call>(Call(name, out _));
        Assert.Single(_secure.Asked, asked => asked.Offer == ApplicationProtocols.Both);
        _secure.Speaks = ApplicationProtocol.Http2;
        _loop.Advance(TimeSpan.FromSeconds(61));
        Call(name, out _);
        Assert.IsType<Http2Call>(Call(name, out _));
    }

    private UpstreamCall Call(UpstreamName name, out LoopTask<UpstreamOutcome> sending)
    {
        UpstreamCall call = _clients.Rent(name);
        call.Method = HttpMethod.Get;
        call.MethodStart = call.Headers.Append("GET"u8);
        call.MethodLength = 3;
        call.TargetStart = call.Headers.Append("/"u8);
        call.TargetLength = 1;
        call.Headers.Add(KnownHeader.Host, "Host"u8, "up"u8);
        sending = call.SendAsync(name);
        _loop.Run();
        return call;
    }

    private sealed class FakeSecure(LoopHarness loop) : ISecureConnector
    {
        public List<(string Host, UpstreamTls Tls, ApplicationProtocols Offer)> Asked { get; } = [];

        public List<MemoryConnection> Opened { get; } = [];

        public ApplicationProtocol Speaks { get; set; }

        public IoStatus Outcome { get; set; }

        public TlsFailure Failure { get; set; }

        public async LoopTask<SecureResult> ConnectAsync(IpEndpoint endpoint, string host, UpstreamTls tls, ApplicationProtocols offer, long deadline)
        {
            Asked.Add((host, tls, offer));
            await loop.YieldAsync(); // no handshake ends in the turn it began in
            if (Outcome != IoStatus.Ok) return new SecureResult(Outcome, Failure, null);
            bool canHttp2 = Speaks == ApplicationProtocol.Http2 && (offer & ApplicationProtocols.Http2) != 0;
            bool canHttp1 = Speaks != ApplicationProtocol.None && (offer & ApplicationProtocols.Http11) != 0;
            var connection = new MemoryConnection(loop)
            {
                Agreed = new TlsFacts { Version = TlsVersion.Tls13, CipherSuite = "x", Protocol = canHttp2 ? ApplicationProtocol.Http2 : canHttp1 ? ApplicationProtocol.Http11 : ApplicationProtocol.None },
            };
            Opened.Add(connection);
            return new SecureResult(IoStatus.Ok, TlsFailure.None, connection);
        }
    }
}
