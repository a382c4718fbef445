using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Http.Client;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Tracing;
using EdgeProxy.Templates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Gateway;

/// <summary>What the gateway has of its own on one loop; that loop's thread only.</summary>
internal sealed class LoopServices
{
    /// <summary>The longest request target that is sent to a backend, and the longest mapped value.</summary>
    public const int ScratchSize = 64 * 1024;

    // How long a reading of the wall clock is carried on by the monotonic one.
    private const long WallClockAge = 1_000_000_000;

    private readonly TimeProvider _time;
    private SchemaValidator? _validator;
    private LambdaScratch? _lambda;
    private TemplateExecutor? _templates;
    private TemplateLimits? _templateLimits;
    private long _wallMilliseconds;
    private long _wallReadAt = long.MinValue;

    /// <param name="metrics">The node's families.</param>
    /// <param name="upstreams">The loop's pools.</param>
    /// <param name="accessLog">The loop's end of the access log; null when there is none.</param>
    /// <param name="random">The loop's generator of ids.</param>
    /// <param name="time">The wall clock.</param>
    public LoopServices(GatewayMetrics metrics, UpstreamClient upstreams, AccessLogProducer? accessLog, FastRandom random, TimeProvider time)
    {
        Metrics = metrics;
        Upstreams = upstreams;
        AccessLog = accessLog;
        Random = random;
        _time = time;
    }

    public GatewayMetrics Metrics { get; }

    public UpstreamClient Upstreams { get; }

    public AccessLogProducer? AccessLog { get; }

    public FastRandom Random { get; }

    /// <summary>
    /// Whether requests here are only rehearsed, for an explanation or a test invocation: they take the same walk, and leave no trace in what
    /// lives on (metrics, access log, tokens, caches). <see cref="Upstreams"/> and <see cref="Functions"/> are stand-ins then.
    /// </summary>
    public bool IsRehearsal { get; init; }

    /// <summary>Says when the loop takes no more; null where nothing is ever shed.</summary>
    public LoadShedder? Shedder { get; init; }

    /// <summary>Invokes Lambda functions.</summary>
    public IFunctionClient Functions { get; init; } = NoFunctions.Instance;

    /// <summary>The node log.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>Holds bodies against their models; made when the first is.</summary>
    public SchemaValidator Validator => _validator ??= new SchemaValidator();

    /// <summary>For events and results of functions; made when the first is called.</summary>
    public LambdaScratch Lambda => _lambda ??= new LambdaScratch();

    /// <summary>What decodes requests and compresses answers.</summary>
    public CodecPool Codecs { get; } = new();

    /// <summary>What the request of the moment is to its templates.</summary>
    public RequestInputs TemplateInputs { get; } = new();

    /// <summary>What a template has written; its content does not outlive the phase.</summary>
    public TemplateOutput Rendered { get; } = new();

    /// <summary>What was found in a body; its content does not outlive the look at it.</summary>
    public TemplateOutput Found { get; } = new();

    public LogTimestamps Timestamps { get; } = new();

    /// <summary>Expired answers that are being fetched anew.</summary>
    public int Refreshes { get; set; }

    /// <summary>Bytes of answers that are recorded for the cache as they stream, and not stored yet.</summary>
    public long Recorded { get; set; }

    /// <summary>For a value or target that is being made; its content does not outlive the phase.</summary>
    public byte[] ValueScratch { get; } = GC.AllocateUninitializedArray<byte>(ScratchSize);

    /// <summary>A second one, for what is made of the first.</summary>
    public byte[] TargetScratch { get; } = GC.AllocateUninitializedArray<byte>(ScratchSize);

    /// <summary>Runs templates within limits; made when the first is run, and again when the limits have changed.</summary>
    public TemplateExecutor TemplatesWithin(TemplateLimits limits)
    {
        if (ReferenceEquals(limits, _templateLimits)) return _templates!;
        if (limits != _templateLimits) _templates = new TemplateExecutor(limits);
        _templateLimits = limits;
        return _templates!;
    }

    /// <summary>The wall clock in milliseconds since 1970.</summary>
    /// <param name="now">Monotonic nanoseconds.</param>
    public long UnixMilliseconds(long now)
    {
        if (_wallReadAt == long.MinValue || now - _wallReadAt > WallClockAge || now < _wallReadAt)
        {
            _wallMilliseconds = _time.GetUtcNow().ToUnixTimeMilliseconds();
            _wallReadAt = now;
        }

        return _wallMilliseconds + ((now - _wallReadAt) / 1_000_000);
    }
}
