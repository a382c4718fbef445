using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Transport.Tls;

/// <summary>Whom our client trusts, what it offers, and what it says of a handshake that fails.</summary>
public sealed class TlsConnectorTests : IDisposable
{
    private static readonly X509Certificate2 s_root = TestCertificates.Authority("root");
    private static readonly X509Certificate2 s_middle = TestCertificates.Authority("middle", s_root);
    private static readonly X509Certificate2 s_leaf = TestCertificates.Leaf("CN=up", s_middle, ["up.example.com", "10.1.2.3"]);
    private static readonly X509Certificate2 s_ended = TestCertificates.Leaf("CN=ended", s_middle, ["ended.example.com"], fromDays: -9, untilDays: -2);

    private readonly TlsPair _pair = new(new TlsServerContexts(
        [new TlsServerName { Name = "other.example.com", Certificates = [TestCertificates.Server(s_leaf, s_middle)] }],
        new TlsServerName { Name = "up.example.com", Certificates = [TestCertificates.Server(s_leaf, s_middle)] },
        1));

    private UpstreamTls Trusting => new() { CaFile = _pair.File("root.pem", TestCertificates.Pem(s_root)) };

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void Connects_to_a_name_that_the_certificate_is_for_and_says_what_was_agreed()
    {
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake("up.example.com", Trusting);
        Assert.Equal(IoStatus.Ok, connected.Status);
        TlsFacts facts = connected.Connection!.Tls!;
        Assert.Equal(TlsVersion.Tls13, facts.Version);
        Assert.Equal(ApplicationProtocol.Http2, facts.Protocol);
        Assert.Equal("up.example.com", accepted.Connection!.Tls!.ServerName);
        Assert.StartsWith("TLS_AES", facts.CipherSuite, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ApplicationProtocols.Http11, ApplicationProtocol.Http11)]
    [InlineData(ApplicationProtocols.Http2, ApplicationProtocol.Http2)]
    [InlineData(ApplicationProtocols.None, ApplicationProtocol.None)]
    public void Offers_what_it_is_told_to(ApplicationProtocols offered, ApplicationProtocol agreed)
    {
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake("up.example.com", Trusting, offered);
        Assert.Equal(agreed, connected.Connection!.Tls!.Protocol);
        Assert.Equal(agreed, accepted.Connection!.Tls!.Protocol);
    }

    [Fact]
    public void An_address_is_verified_as_one_and_not_sent_as_a_name()
    {
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake("10.1.2.3", Trusting);
        Assert.Equal(TlsFailure.None, connected.Failure);
        Assert.Null(accepted.Connection!.Tls!.ServerName);
        Assert.Equal(TlsFailure.NameMismatch, _pair.Shake("10.1.2.4", Trusting).Connected.Failure);
    }

    [Fact]
    public void A_name_with_the_dot_of_the_root_is_asked_for_and_verified_without_it()
    {
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake("up.example.com.", Trusting);
        Assert.Equal(TlsFailure.None, connected.Failure);
        Assert.Equal("up.example.com", accepted.Connection!.Tls!.ServerName);
    }

    [Fact]
    public void Refuses_a_certificate_for_another_name()
    {
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake("wrong.example.com", Trusting);
        Assert.Equal(TlsFailure.NameMismatch, connected.Failure);
        Assert.Equal(IoStatus.Reset, connected.Status);
        Assert.True(_pair.ClientSide.IsClosed);
        Assert.Equal(TlsFailure.RefusedByPeer, accepted.Failure);
    }

    [Fact]
    public void Verifies_the_name_that_settings_give_instead_of_the_host()
    {
        Assert.Equal(TlsFailure.None, _pair.Shake("wrong.example.com", Trusting with { ServerName = "up.example.com" }).Connected.Failure);
        Assert.Equal(TlsFailure.NameMismatch, _pair.Shake("up.example.com", Trusting with { ServerName = "wrong.example.com" }).Connected.Failure);
    }

    [Fact]
    public void Refuses_an_authority_it_does_not_know()
    {
        var other = new UpstreamTls { CaFile = _pair.File("other.pem", TestCertificates.Pem(TestCertificates.Authority("other"))) };
        Assert.Equal(TlsFailure.UntrustedCertificate, _pair.Shake("up.example.com", other).Connected.Failure);
    }

    [Fact]
    public void Without_verification_of_the_authority_name_and_dates_still_count()
    {
        var insecure = new UpstreamTls { InsecureSkipVerification = true };
        Assert.Equal(TlsFailure.None, _pair.Shake("up.example.com", insecure).Connected.Failure);
        Assert.Equal(TlsFailure.NameMismatch, _pair.Shake("wrong.example.com", insecure).Connected.Failure);
    }

    [Fact]
    public void Settings_whose_files_cannot_be_used_are_told_before_and_fail_the_connection()
    {
        var missing = new UpstreamTls { CaFile = "/nowhere/ca.pem" };
        List<TlsProblem> problems = [];
        Assert.False(_pair.Connector.Contexts.TryPrepare(missing, problems));
        Assert.Equal(TlsProblemCode.UnreadableFile, Assert.Single(problems).Code);
        Assert.Equal(TlsFailure.Settings, _pair.Shake("up.example.com", missing).Connected.Failure);
    }

    [Fact]
    public void A_second_connection_takes_the_session_of_the_first_up_again()
    {
        UpstreamTls settings = Trusting;
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake("up.example.com", settings);
        Assert.False(connected.Connection!.Tls!.Resumed);
        _pair.Pass(accepted.Connection!, connected.Connection, "x"u8.ToArray());
        (accepted, connected) = _pair.Shake("up.example.com", settings);
        Assert.True(connected.Connection!.Tls!.Resumed);
        Assert.True(accepted.Connection!.Tls!.Resumed);

        // Another name is another upstream.
        Assert.False(_pair.Shake("other.example.com", settings with { ServerName = "up.example.com" }).Connected.Connection!.Tls!.Resumed
            && accepted.Connection.Tls.ServerName == "other.example.com");
    }

    [Fact]
    public void A_session_does_not_outlast_the_authorities_it_was_verified_by()
    {
        UpstreamTls settings = Trusting;
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake("up.example.com", settings);
        _pair.Pass(accepted.Connection!, connected.Connection!, "x"u8.ToArray());
        _pair.File("root.pem", TestCertificates.Pem(TestCertificates.Authority("another root")));
        Assert.True(_pair.Shake("up.example.com", settings).Connected.Connection!.Tls!.Resumed);
        _pair.Connector.Contexts = new UpstreamTlsContexts();
        Assert.Equal(TlsFailure.UntrustedCertificate, _pair.Shake("up.example.com", settings).Connected.Failure);
    }

    [Fact]
    public void Sessions_do_not_keep_settings_that_nothing_serves_any_more()
    {
        UpstreamTls settings = Trusting;
        WeakReference gone = ConnectOnce(settings with { ServerName = "up.example.com" });
        UpstreamTlsContexts next = _pair.Connector.Contexts.Next(null);
        Assert.True(next.TryPrepare(settings, []));
        _pair.Connector.Contexts.Adopt(next);
        for (int i = 0; i < 3; i++) _ = _pair.Shake("up.example.com", settings);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(gone.IsAlive);

        // What is served keeps its sessions.
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake("up.example.com", settings);
        _pair.Pass(accepted.Connection!, connected.Connection!, "x"u8.ToArray());
        _pair.Connector.Contexts.Adopt(Prepared(settings));
        Assert.True(_pair.Shake("up.example.com", settings).Connected.Connection!.Tls!.Resumed);

        UpstreamTlsContexts Prepared(UpstreamTls served)
        {
            UpstreamTlsContexts prepared = _pair.Connector.Contexts.Next(null);
            Assert.True(prepared.TryPrepare(served, []));
            return prepared;
        }

        // Nothing of it is to stay on the stack.
        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference ConnectOnce(UpstreamTls once)
        {
            _pair.Connector.Contexts.Adopt(Prepared(once));
            (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake("up.example.com", once);
            _pair.Pass(accepted.Connection!, connected.Connection!, "x"u8.ToArray());
            return new WeakReference(once);
        }
    }

    [Fact]
    public void A_silent_upstream_ends_with_the_deadline()
    {
        (LoopTask<TlsAccepted> accepting, LoopTask<TlsConnectResult> connecting) = _pair.Begin("up.example.com", Trusting);
        _pair.Loop.Run();
        _pair.Loop.Advance(TimeSpan.FromSeconds(11));
        TlsConnectResult connected = _pair.Loop.Await(connecting);
        Assert.Equal((IoStatus.TimedOut, TlsFailure.TimedOut), (connected.Status, connected.Failure));
        Assert.True(_pair.ClientSide.IsClosed);
        Assert.Equal(TlsFailure.TimedOut, _pair.Loop.Await(accepting).Failure);
        Assert.Equal(0, _pair.Loop.Buffers.Leased);
    }

    [Fact]
    public void An_ended_certificate_is_refused_as_such_with_and_without_its_authority()
    {
        // Only a context that does not check what it loads serves one: the class library's stream.
        using var server = new SslStreamServer(s_ended);
        Assert.Equal(TlsFailure.Expired, server.Shake(_pair, "ended.example.com", Trusting with { CaFile = _pair.File("both.pem", TestCertificates.Pem(s_root, s_middle)) }));
        Assert.Equal(TlsFailure.Expired, server.Shake(_pair, "ended.example.com", new UpstreamTls { InsecureSkipVerification = true }));
    }

    [Fact]
    public void Garbage_for_an_answer_is_a_violation()
    {
        (LoopTask<TlsAccepted> accepting, LoopTask<TlsConnectResult> connecting) = _pair.Begin("up.example.com", Trusting);
        _pair.Loop.Run();
        _pair.ClientSide.Deliver("HTTP/1.1 400 Bad Request\r\n\r\n");
        TlsFailure failure = _pair.Loop.Await(connecting).Failure;
        Assert.True(failure is TlsFailure.Violation or TlsFailure.NotTls, failure.ToString());
        _pair.ServerSide.DeliverReset();
        Assert.Equal(TlsFailure.Reset, _pair.Loop.Await(accepting).Failure);
    }
}
