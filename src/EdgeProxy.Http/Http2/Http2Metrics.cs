using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Http.Http2;

/// <summary>What HTTP/2 connections of clients count (specification observability.md 3.5).</summary>
public sealed class Http2Metrics
{
    private static readonly string[] s_codes =
    [
        "no_error", "protocol_error", "internal_error", "flow_control_error", "settings_timeout", "stream_closed", "frame_size_error",
        "refused_stream", "cancel", "compression_error", "connect_error", "enhance_your_calm", "inadequate_security", "http_1_1_required", "other",
    ];

    private readonly Counter[] _resetsReceived;
    private readonly Counter[] _resetsSent;
    private readonly Counter[] _goAways;
    private readonly Counter[] _errors;

    /// <param name="registry">Where the series are made.</param>
    /// <param name="limits">The family <c>edgeproxy_limit_hits_total</c>.</param>
    public Http2Metrics(MetricRegistry registry, CounterFamily limits)
    {
        CounterFamily resets = registry.Counter("edgeproxy_h2_resets_total", "HTTP/2 streams reset, by who did it and why.", "sender", "code");
        CounterFamily goAways = registry.Counter("edgeproxy_h2_goaways_total", "GOAWAY frames sent to clients, by reason.", "code");
        CounterFamily errors = registry.Counter("edgeproxy_h2_protocol_errors_total", "HTTP/2 connections ended for what the client did.", "kind");
        _resetsReceived = Array.ConvertAll(s_codes, code => resets.With("client", code));
        _resetsSent = Array.ConvertAll(s_codes, code => resets.With("server", code));
        _goAways = Array.ConvertAll(s_codes, code => goAways.With(code));
        _errors = Array.ConvertAll(s_codes, code => errors.With(code));
        Streams = registry.Gauge("edgeproxy_h2_streams", "Open HTTP/2 streams of clients.").With();
        RapidReset = errors.With("rapid_reset");
        ContinuationFlood = errors.With("continuation");
        ControlFlood = errors.With("flood");
        EmptyFlood = errors.With("empty_frames");
        SlowHead = errors.With("slow_headers");
        OutputFlood = errors.With("output_queue");
        ConcurrentStreams = limits.With("h2.maxConcurrentStreams");
        StreamWindow = limits.With("h2.streamWindow");
        ConnectionWindow = limits.With("h2.connectionWindow");
        HeaderList = limits.With("h2.maxHeaderList");
        HeaderBlock = limits.With("h2.headerBlock");
        ContinuationFrames = limits.With("h2.continuationFrames");
        Resets = limits.With("h2.resetBudget");
        ControlFrames = limits.With("h2.controlFramesPer10s");
        EmptyFrames = limits.With("h2.emptyFrames");
        OutputFrames = limits.With("h2.outputFrames");
        StreamStall = limits.With("h2.streamStall");
        ConnectionAge = limits.With("h2.connectionAge");
    }

    public Gauge Streams { get; }

    internal Counter RapidReset { get; }

    internal Counter ContinuationFlood { get; }

    internal Counter ControlFlood { get; }

    internal Counter EmptyFlood { get; }

    internal Counter SlowHead { get; }

    internal Counter OutputFlood { get; }

    internal Counter ConcurrentStreams { get; }

    internal Counter StreamWindow { get; }

    internal Counter ConnectionWindow { get; }

    internal Counter HeaderList { get; }

    internal Counter HeaderBlock { get; }

    internal Counter ContinuationFrames { get; }

    internal Counter Resets { get; }

    internal Counter ControlFrames { get; }

    internal Counter EmptyFrames { get; }

    internal Counter OutputFrames { get; }

    internal Counter StreamStall { get; }

    internal Counter ConnectionAge { get; }

    internal void CountResetReceived(int stripe, Http2ErrorCode code) => _resetsReceived[IndexOf(code)].Increment(stripe);

    internal void CountResetSent(int stripe, Http2ErrorCode code) => _resetsSent[IndexOf(code)].Increment(stripe);

    internal void CountGoAway(int stripe, Http2ErrorCode code) => _goAways[IndexOf(code)].Increment(stripe);

    /// <summary>Counts a connection that ended for a broken rule.</summary>
    internal void CountError(int stripe, Http2ErrorCode code) => _errors[IndexOf(code)].Increment(stripe);

    private static int IndexOf(Http2ErrorCode code) => (int)Math.Min((uint)code, (uint)s_codes.Length - 1);
}
