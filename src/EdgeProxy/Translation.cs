using EdgeProxy.Gateway.Operations.Explanations;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Server;
using EdgeProxy.Settings;
using EdgeProxy.Templates;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy;

/// <summary>The node's settings in the words of each part.</summary>
internal static class Translation
{
    /// <summary>For the connections of a data listener.</summary>
    public static ServerOptions ServerOptions(NodeSettings settings, ListenerSettings listener) => new()
    {
        Head = new HeadLimits(settings.Limits.RequestLine, settings.Limits.HeaderBytes, settings.Limits.HeaderCount),
        Parse = new ParseOptions { Desync = settings.Desync, RejectUnderscore = settings.RejectUnderscore },
        Body = settings.Limits.Body,
        Chunks = Chunks(settings),
        RequestsPerConnection = Math.Max(0, settings.Limits.RequestsPerConnection),
        HeadTimeout = settings.Timeouts.Headers,
        IdleTimeout = settings.Timeouts.Idle,
        BodyRate = new MinimumRate(settings.Timeouts.BodyMinRate, settings.Timeouts.BodyMinRateGrace, settings.Timeouts.Body),
        WriteRate = new MinimumRate(settings.Timeouts.BodyMinRate, settings.Timeouts.BodyMinRateGrace, settings.Timeouts.Write),
        ServesHttp2 = listener.Http2,
        Http2 = settings.Http2,
        ProxyProtocol = listener.ProxyProtocol,
    };

    private static ChunkLimits Chunks(NodeSettings settings) => new(settings.Limits.ChunkExtension, settings.Limits.Trailers, settings.Limits.TrailerCount);

    /// <summary>For handshakes.</summary>
    public static TlsOptions TlsOptions(NodeSettings settings) => new()
    {
        HandshakeTimeout = settings.Timeouts.Handshake,
        MaxHandshakes = settings.Tls.MaxHandshakes,
    };

    /// <summary>For the admin listener: the defaults, whatever the data plane allows.</summary>
    public static ServerOptions AdminOptions(NodeSettings settings) => new()
    {
        IdleTimeout = settings.Timeouts.Idle,

        // Pages take what they say; this is for APIs that are called by the emulators' URL forms.
        Body = settings.Limits.Body,
    };

    /// <summary>For the pools of each loop.</summary>
    public static UpstreamOptions UpstreamOptions(NodeSettings settings) => new()
    {
        MaxConnections = settings.Upstream.MaxConnections,
        MaxIdle = settings.Upstream.MaxIdle,
        MaxStreams = settings.Upstream.MaxStreams,
        StreamWindow = settings.Upstream.StreamWindow,
        ContinuationFrames = settings.Http2.ContinuationFrames,
        ControlFramesPer10s = settings.Http2.ControlFramesPer10s,
        Chunks = Chunks(settings),
        Queue = settings.Upstream.Queue,
        IdleTimeout = settings.Upstream.IdleTimeout,
        ConnectTimeout = settings.Timeouts.Connect,
        DnsTtl = settings.Upstream.DnsTtl,
    };

    /// <summary>For explanations: what the first data listener would do.</summary>
    public static ExplainConditions ExplainConditions(NodeSettings settings)
    {
        ServerOptions listener = ServerOptions(settings, settings.Listeners[0]);
        return new ExplainConditions
        {
            Limits = new ExplainLimits(settings.Explain.Body, settings.Explain.Steps, settings.Explain.Output),
            Head = listener.Head,
            Parse = listener.Parse,
            BodyLimit = listener.Body,
        };
    }

    /// <summary>For requests.</summary>
    public static GatewaySettings GatewaySettings(NodeSettings settings) => new()
    {
        TrustedProxies = settings.TrustedProxies,
        DotSegments = settings.DotSegments,
        StreamIdleTimeout = settings.Timeouts.Stream,
        AnswerIdleTimeout = settings.Timeouts.StreamedAnswer,
        UpstreamProtocol = settings.Upstream.Protocol,
        UpstreamPolicy = settings.Upstream.Policy,
        ClientCertificates = settings.UpstreamTls.ClientCertificates.ToDictionary(certificate => certificate.Id, certificate => (certificate.Certificate, certificate.Key), StringComparer.Ordinal),
        VpcLinks = settings.VpcLinks.ToDictionary(link => link.Id, link => new VpcLink(link.Host, link.Port), StringComparer.Ordinal),
        Overload = settings.Overload.Delay is { } delay ? new OverloadOptions(delay, settings.Overload.Interval) : null,
        AccountThrottle = settings.Limits.AccountThrottle is { } throttle ? new Rate(throttle.Rate, throttle.Burst) : null,
        Cache = new CacheLimits(settings.Cache.MaxBytes, settings.Cache.MaxEntry, settings.Cache.MaxKey)
        {
            CoalesceWaiters = settings.Cache.CoalesceWaiters,
            CoalesceWait = settings.Cache.CoalesceWait,
            Refreshes = settings.Cache.Refreshes,
        },
        ResponseBodyLimit = settings.Limits.ResponseBody,
        HeldBodyLimit = settings.Limits.HeldBody,
        FunctionFields = new FunctionFieldLimits(settings.Limits.FunctionHeaderBytes, settings.Limits.FunctionHeaderCount),
        FunctionPayloadLimit = settings.Limits.FunctionPayload,
        Compression = new CompressionOptions
        {
            Decodes = CodingSet.Of([.. settings.Compression.Decode]),
            Codings = [.. settings.Compression.Codings],
            Level = settings.Compression.Level,
            DecodedBody = settings.Limits.DecodedBody,
            DecodedRatio = settings.Limits.DecodedRatio,
            ContentCodings = settings.Limits.ContentCodings,
        },
        Validation = new ValidationLimits(settings.Validation.Depth, settings.Validation.Steps),
        Templates = new TemplateLimits
        {
            Output = settings.Templates.Output,
            Text = settings.Templates.Text,
            Items = settings.Templates.Items,
            Steps = settings.Templates.Steps,
            Iterations = settings.Templates.Iterations,
            Calls = settings.Templates.Calls,
            Nesting = settings.Templates.Nesting,
            EmptyTextIsFalse = settings.Templates.EmptyTextIsFalse,
        },
    };
}
