using System.Diagnostics;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Http.Client;

/// <summary>One loop's connections to one upstream. The most recently used is taken first, so that what is not needed grows old and closes.</summary>
internal sealed class UpstreamPool : IUpstreamPool
{
    private readonly UpstreamDialer _dialer;
    private readonly Http1Client _client;
    private readonly LinkedList<Waiter> _waiting = [];
    private readonly Gauge _openGauge;
    private readonly Gauge _idleGauge;
    private readonly Counter _queued;
    private readonly Counter _queueFull;
    private UpstreamConnection? _newestIdle;
    private UpstreamConnection? _oldestIdle;
    private int _idle;
    private int _open;
    private long _emptySince;

    public UpstreamPool(Http1Client client, UpstreamName name)
    {
        _client = client;
        string label = name.ToString();
        UpstreamMetrics metrics = client.Metrics;
        _openGauge = metrics.Open(label);
        _idleGauge = metrics.Idle(label);
        _dialer = new UpstreamDialer(client.Loop, client.Connector, client.Secure, client.Resolver, metrics, name);
        _queued = metrics.Queued(label);
        _queueFull = metrics.QueueFull(label);
        Reused = metrics.Reused(label);
        Retried = metrics.Retried(label);
        _emptySince = client.Loop.Now;
    }

    public Counter Reused { get; }

    public Counter Retried { get; }

    private int Stripe => _client.Loop.Ordinal;

    /// <summary>Whether there has been no connection, and nobody waiting for one, since before a moment.</summary>
    public bool IsEmptySince(long moment) => _open == 0 && _waiting.Count == 0 && _emptySince <= moment;

    /// <summary>Takes an idle connection, or null when a new one is needed.</summary>
    public UpstreamConnection? TakeIdleOrNull()
    {
        while (_newestIdle is { } connection)
        {
            Unlink(connection);

            // The end may have arrived in this very turn.
            if (!connection.Transport.MayReceive && !connection.Transport.IsBroken)
            {
                connection.Transport.SetIdleDeadline(long.MaxValue);
                Reused.Increment(Stripe);
                return connection;
            }

            Close(connection);
        }

        return null;
    }

    /// <summary>Opens a connection, waiting for its turn when as many as allowed are open.</summary>
    public async LoopTask<Acquired> OpenAsync(UpstreamCall call)
    {
        if (_open >= _client.Options.MaxConnections)
        {
            if (_waiting.Count >= _client.Options.Queue)
            {
                _queueFull.Increment(Stripe);
                return new Acquired(UpstreamOutcome.PoolExhausted, null);
            }

            _queued.Increment(Stripe);
            var waiter = new Waiter(this);
            Granted granted = await waiter.WaitAsync(call);
            if (granted.Connection is not null) return new Acquired(UpstreamOutcome.Ok, granted.Connection);
            if (granted.Status != IoStatus.Ok) return new Acquired(granted.Status == IoStatus.TimedOut ? UpstreamOutcome.TimedOut : UpstreamOutcome.Aborted, null);
            // A place was handed over and is counted already.
        }
        else
        {
            CountOpen(1);
        }

        Acquired acquired = await ConnectAsync(call.Deadline);
        if (acquired.Connection is null) ReleasePlace();
        return acquired;
    }

    /// <summary>Takes a connection over that was opened elsewhere and not used; closed when there are as many as may be.</summary>
    public void Adopt(Connection transport)
    {
        if (_open >= _client.Options.MaxConnections)
        {
            transport.Close();
            return;
        }

        CountOpen(1);
        PutIdle(new UpstreamConnection(this, transport));
    }

    /// <summary>Takes a connection back whose last response was read to its end.</summary>
    public void PutIdle(UpstreamConnection connection)
    {
        if (_waiting.First is { } next)
        {
            _waiting.RemoveFirst();
            Reused.Increment(Stripe);
            next.Value.Grant(new Granted(IoStatus.Ok, connection));
            return;
        }

        if (_idle >= _client.Options.MaxIdle || _client.IsClosing)
        {
            Close(connection);
            return;
        }

        connection.IsIdle = true;
        connection.OlderIdle = _newestIdle;
        if (_newestIdle is not null) _newestIdle.NewerIdle = connection;
        _newestIdle = connection;
        _oldestIdle ??= connection;
        _idle++;
        _idleGauge.Add(Stripe, 1);
        connection.Transport.SetIdleDeadline(_client.Loop.Now + _client.Options.IdleTimeout);
    }

    /// <summary>Closes an idle connection.</summary>
    public void Discard(UpstreamConnection connection)
    {
        Unlink(connection);
        Close(connection);
    }

    /// <summary>Closes a connection that cannot be used again.</summary>
    public void Close(UpstreamConnection connection)
    {
        Debug.Assert(!connection.IsIdle, "an idle connection was closed without leaving the list");
        connection.Transport.Close();
        ReleasePlace();
    }

    /// <summary>Closes all idle connections.</summary>
    public void CloseIdle()
    {
        while (_newestIdle is { } connection) Discard(connection);
    }

    private async LoopTask<Acquired> ConnectAsync(long deadline)
    {
        UpstreamDialer.Dialed dialed = await _dialer.DialAsync(_client.Options, deadline, ApplicationProtocols.Http11);
        return new Acquired(dialed.Outcome, dialed.Connection is { } transport ? new UpstreamConnection(this, transport) : null);
    }

    // A place that becomes free goes to whoever waits, without being counted out and in.
    private void ReleasePlace()
    {
        if (_waiting.First is { } next)
        {
            _waiting.RemoveFirst();
            next.Value.Grant(new Granted(IoStatus.Ok, null));
            return;
        }

        CountOpen(-1);
    }

    private void CountOpen(int change)
    {
        _open += change;
        if (_open == 0) _emptySince = _client.Loop.Now;
        _openGauge.Add(Stripe, change);
    }

    private void Unlink(UpstreamConnection connection)
    {
        if (connection.NewerIdle is { } newer) newer.OlderIdle = connection.OlderIdle;
        else _newestIdle = connection.OlderIdle;
        if (connection.OlderIdle is { } older) older.NewerIdle = connection.NewerIdle;
        else _oldestIdle = connection.NewerIdle;
        connection.NewerIdle = connection.OlderIdle = null;
        connection.IsIdle = false;
        _idle--;
        _idleGauge.Add(Stripe, -1);
    }

    /// <summary>What a waiting call gets: a connection, or a place to open one (Ok), or neither.</summary>
    internal readonly record struct Granted(IoStatus Status, UpstreamConnection? Connection);

    /// <summary>The end of <see cref="OpenAsync"/>.</summary>
    internal readonly record struct Acquired(UpstreamOutcome Outcome, UpstreamConnection? Connection);

    /// <summary>A call in the queue. Allocated: an exhausted pool is not the hot path.</summary>
    internal sealed class Waiter(UpstreamPool pool) : LoopTimer
    {
        private readonly LoopSignal<Granted> _signal = new();
        private LinkedListNode<Waiter>? _node;

        public async LoopTask<Granted> WaitAsync(UpstreamCall call)
        {
            _node = pool._waiting.AddLast(this);
            pool._client.Loop.Timers.Set(this, call.Deadline);
            ((Http1Call)call).Queued = this;
            Granted granted = await _signal.WaitAsync();
            ((Http1Call)call).Queued = null;
            pool._client.Loop.Timers.Detach(this);
            return granted;
        }

        public void Grant(Granted granted) => _signal.Set(granted);

        public void Abort() => Leave(IoStatus.Aborted);

        protected override void OnDeadline(long now) => Leave(IoStatus.TimedOut);

        private void Leave(IoStatus status)
        {
            if (_node?.List is null) return; // granted already
            pool._waiting.Remove(_node);
            _signal.Set(new Granted(status, null));
        }
    }
}
