using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client;

/// <summary>Opens one loop's connections to one upstream: its name's addresses in turn, each attempt from the next one on.</summary>
internal sealed class UpstreamDialer
{
    private readonly EventLoop _loop;
    private readonly IConnector _connector;
    private readonly NameResolver _resolver;
    private readonly UpstreamName _name;
    private readonly Counter _connected;
    private readonly Counter _failed;
    private readonly Counter _timedOut;
    private uint _nextAddress;

    public UpstreamDialer(EventLoop loop, IConnector connector, NameResolver resolver, UpstreamMetrics metrics, UpstreamName name)
    {
        _loop = loop;
        _connector = connector;
        _resolver = resolver;
        _name = name;
        string label = name.ToString();
        _connected = metrics.Connects(label, "ok");
        _failed = metrics.Connects(label, "failed");
        _timedOut = metrics.Connects(label, "timed_out");
    }

    /// <summary>Connects to the first address that answers; the connection is null unless the outcome is Ok.</summary>
    /// <param name="options">How long each address may take.</param>
    /// <param name="deadline">When it must be over.</param>
    public async LoopTask<Dialed> DialAsync(UpstreamOptions options, long deadline)
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
            ConnectResult result = await _connector.ConnectAsync(new IpEndpoint(address, (ushort)_name.Port), until);
            if (result.Connection is not null)
            {
                _connected.Increment(_loop.Ordinal);
                return new Dialed(UpstreamOutcome.Ok, result.Connection);
            }

            bool timedOut = result.Status == IoStatus.TimedOut;
            (timedOut ? _timedOut : _failed).Increment(_loop.Ordinal);
            outcome = timedOut ? UpstreamOutcome.ConnectTimedOut : UpstreamOutcome.ConnectFailed;
            if (_loop.Now >= deadline) break;
        }

        return new Dialed(outcome, null);
    }

    /// <summary>The end of an attempt.</summary>
    internal readonly record struct Dialed(UpstreamOutcome Outcome, Connection? Connection);
}
