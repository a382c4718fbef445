using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Http.Client;

/// <summary>Opens one loop's connections to one upstream: its name's addresses in turn, each attempt from the next one on.</summary>
internal sealed class UpstreamDialer
{
    private readonly EventLoop _loop;
    private readonly IConnector _connector;
    private readonly ISecureConnector? _secure;
    private readonly NameResolver _resolver;
    private readonly UpstreamName _name;
    private readonly Counter _connected;
    private readonly Counter _failed;
    private readonly Counter _timedOut;
    private readonly Counter _notSecured;
    private uint _nextAddress;

    /// <param name="loop">The loop.</param>
    /// <param name="connector">Opens plain connections.</param>
    /// <param name="secure">Opens those by TLS; without one they fail.</param>
    /// <param name="resolver">Finds addresses.</param>
    /// <param name="metrics">What is counted.</param>
    /// <param name="name">The upstream.</param>
    public UpstreamDialer(EventLoop loop, IConnector connector, ISecureConnector? secure, NameResolver resolver, UpstreamMetrics metrics, UpstreamName name)
    {
        _secure = secure;
        _loop = loop;
        _connector = connector;
        _resolver = resolver;
        _name = name;
        string label = name.ToString();
        _connected = metrics.Connects(label, "ok");
        _failed = metrics.Connects(label, "failed");
        _timedOut = metrics.Connects(label, "timed_out");
        _notSecured = metrics.Connects(label, "tls_failed");
    }

    /// <summary>Connects to the first address that answers; the connection is null unless the outcome is Ok.</summary>
    /// <param name="options">How long each address may take.</param>
    /// <param name="deadline">When it must be over.</param>
    /// <param name="offer">What to offer by ALPN, where TLS is spoken.</param>
    public async LoopTask<Dialed> DialAsync(UpstreamOptions options, long deadline, ApplicationProtocols offer)
    {
        NameResult resolved = await _resolver.ResolveAsync(_name.Host, deadline);
        if (resolved.Status == IoStatus.TimedOut)
        {
            _timedOut.Increment(_loop.Ordinal);
            return new Dialed(UpstreamOutcome.ConnectTimedOut, null);
        }

        IpAddress[] addresses = resolved.Addresses;
        if (addresses.Length == 0) return new Dialed(UpstreamOutcome.NameNotFound, null);
        uint first = _nextAddress++;
        UpstreamOutcome outcome = UpstreamOutcome.ConnectFailed;
        for (uint i = 0; i < addresses.Length; i++)
        {
            IpAddress address = addresses[(first + i) % (uint)addresses.Length];
            long until = Math.Min(deadline, _loop.Now + options.ConnectTimeout);
            SecureResult result = await ConnectAsync(new IpEndpoint(address, (ushort)_name.Port), offer, until);
            if (result.Connection is not null)
            {
                _connected.Increment(_loop.Ordinal);
                return new Dialed(UpstreamOutcome.Ok, result.Connection);
            }

            outcome = OutcomeOf(result);
            CounterOf(outcome).Increment(_loop.Ordinal);
            if (_loop.Now >= deadline) break;
        }

        return new Dialed(outcome, null);
    }

    // What is to be spoken by TLS is never spoken in the clear.
    private async LoopTask<SecureResult> ConnectAsync(IpEndpoint endpoint, ApplicationProtocols offer, long deadline)
    {
        if (_name.Tls is { } tls) return _secure is null ? new SecureResult(IoStatus.Reset, TlsFailure.Settings, null) : await _secure.ConnectAsync(endpoint, _name.Host, tls, offer, deadline);
        ConnectResult plain = await _connector.ConnectAsync(endpoint, deadline);
        return new SecureResult(plain.Status, TlsFailure.None, plain.Connection);
    }

    private static UpstreamOutcome OutcomeOf(SecureResult result) => result switch
    {
        { Status: IoStatus.TimedOut } => UpstreamOutcome.ConnectTimedOut,
        { Failure: TlsFailure.None } => UpstreamOutcome.ConnectFailed,
        { Failure: TlsFailure.UntrustedCertificate } => UpstreamOutcome.CertificateUntrusted,
        { Failure: TlsFailure.NameMismatch } => UpstreamOutcome.CertificateNameMismatch,
        { Failure: TlsFailure.Expired } => UpstreamOutcome.CertificateExpired,
        _ => UpstreamOutcome.TlsFailed,
    };

    private Counter CounterOf(UpstreamOutcome outcome) => outcome switch
    {
        UpstreamOutcome.ConnectTimedOut => _timedOut,
        UpstreamOutcome.ConnectFailed => _failed,
        _ => _notSecured,
    };

    /// <summary>The end of an attempt.</summary>
    internal readonly record struct Dialed(UpstreamOutcome Outcome, Connection? Connection);
}
