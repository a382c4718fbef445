using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Grpc;
using EdgeProxy.Gateway.Integrations.Http;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Telemetry.Tracing;
using EdgeProxy.Templates;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway;

/// <summary>All that a walk knows of its request. Phases are static and hang everything here.</summary>
/// <remarks>Pooled with its exchange: one request at a time, on the exchange's loop.</remarks>
internal sealed class RequestContext
{
    private const int MostOverridesKept = 4 * 1024;

    private readonly byte[] _ids = new byte[RequestIds.UuidLength + RequestIds.ExtendedLength];
    private readonly byte[] _trace = new byte[TraceId.MaxLength];
    private GrpcRequestBody? _grpcBody;
    private TemplateOverrides? _overrides;
    private AnswerPause? _answerPause;
    private CacheUse? _cacheUse;
    private RouteSlotWait? _slotWait;
    private RetryPause? _retryPause;
    private TraceId _traceId;
    private bool _hasTrace;
    private IpAddress _sourceIp;
    private bool _hasSourceIp;

    /// <summary>Where the matched route's parameters stand in <see cref="RoutePath"/>.</summary>
    public RouteMatch Match;

    public RequestContext(Exchange exchange, LoopServices services)
    {
        Exchange = exchange;
        Services = services;
    }

    public Exchange Exchange { get; }

    public LoopServices Services { get; }

    /// <summary>Null for all but watched requests.</summary>
    public IWalkObserver? Observer { get; set; }

    public GatewaySnapshot Snapshot { get; private set; } = GatewaySnapshot.Empty;

    public GatewaySettings Settings => Snapshot.Settings;

    /// <summary>The stage that was captured at host selection; null when none was found.</summary>
    public StagePlan? Stage { get; set; }

    /// <summary>The stage's deployment that serves this request.</summary>
    public StageDeployment? Deployment { get; set; }

    /// <summary>Whether the stage's canary serves this request.</summary>
    public bool IsCanary => Deployment is not null && ReferenceEquals(Deployment, Stage?.Canary);

    public RoutePlan? Route { get; set; }

    /// <summary>The API key that the request came with, once it was looked for.</summary>
    public ApiKeyUse ApiKey { get; set; }

    /// <summary>The value of the API key that an authorizer says the caller has (<c>usageIdentifierKey</c>); empty for none.</summary>
    public ReadOnlyMemory<byte> UsageIdentifierKey { get; set; }

    /// <summary>Where in the request's path the API's own path begins: behind stage or base path.</summary>
    public int RoutePathOffset { get; set; }

    /// <summary>Whether the stage stood in the path, as on the default endpoint.</summary>
    public bool HasStagePrefix { get; set; }

    /// <summary>Where the last of the slashes that the path begins with stands; the base path follows it.</summary>
    public int BasePathOffset { get; set; }

    /// <summary>Bytes of base path, the slash before it not counted; 0 without.</summary>
    public int BasePathLength { get; set; }

    /// <summary>The routing rule of its domain that took it; null for none.</summary>
    public RoutingRulePlan? RoutingRule { get; set; }

    /// <summary>Whether the request is a gRPC call: it streams both ways, and faults are told by <c>grpc-status</c>.</summary>
    public bool IsGrpc { get; private set; }

    /// <summary>Whether a gRPC client sent a message over the limit.</summary>
    public bool IsGrpcMessageTooLarge => _grpcBody is { IsTooLarge: true };

    public IErrorForm ErrorForm { get; set; } = RestErrorForm.Instance;

    /// <summary>Why the request failed, for the account; None if it did not.</summary>
    public FaultKind Fault { get; set; }

    /// <summary>The call to the backend; null when there is none.</summary>
    public UpstreamCall? Call { get; set; }

    /// <summary>Which of an upstream's targets the call went to last; null where there is nothing to choose.</summary>
    public BoundTarget? Target { get; set; }

    /// <summary>The call to the function; null when there is none.</summary>
    public FunctionCall? Function { get; set; }

    /// <summary>How its invocation came out.</summary>
    public FunctionOutcome FunctionOutcome { get; set; }

    /// <summary>The client context that a mapping gives the function; empty for none.</summary>
    public HeldBody ClientContext { get; } = new();

    /// <summary>The slots that this request holds one of; null when it holds none.</summary>
    public RouteSlots? Slots { get; set; }

    /// <summary>For a wait for a slot; made when the first waits.</summary>
    public RouteSlotWait SlotWait => _slotWait ??= new RouteSlotWait();

    /// <summary>The clock of pauses in a function's streamed result; made when the first streams.</summary>
    public AnswerPause AnswerPause => _answerPause ??= new AnswerPause();

    /// <summary>Those of its upstream among which the request has one; null where it needs none.</summary>
    public ConcurrencyLimit? UpstreamSlots { get; set; }

    /// <summary>The clock of pauses between attempts; made when the first is needed.</summary>
    public RetryPause RetryPause => _retryPause ??= new RetryPause();

    /// <summary>What is wanted of the function.</summary>
    public InvocationType InvocationType { get; set; }

    /// <summary>Bytes of metadata before the body of a streamed result, in <see cref="HeldAnswer"/>.</summary>
    public int PreludeLength { get; set; }

    /// <summary>The request's body as far as it was received ahead.</summary>
    public HeldBody Body { get; } = new();

    /// <summary>The codings that come off the body before anybody looks at it; empty until the body is received.</summary>
    public CodingStack Codings { get; set; }

    /// <summary>Where a held body is decoded or compressed into; whole only for as long as it takes to put it in that body's place.</summary>
    public HeldBody Recoded { get; } = new();

    /// <summary>The integration's body, compressed as it streams; not in use for others.</summary>
    public EncodedAnswer EncodedAnswer { get; } = new();

    /// <summary>The model that the body has to match; null when there is none, and until the body is received.</summary>
    public BodyModel? BodyModel { get; set; }

    /// <summary>Which reading of <see cref="BodyTape"/> found <see cref="Body"/>, as it is now, to match; 0 for none.</summary>
    public long BodyReading { get; set; }

    /// <summary>The tape that <see cref="Body"/> was read onto; says nothing where <see cref="BodyReading"/> is 0.</summary>
    public JsonTape? BodyTape { get; set; }

    /// <summary>The request template that was chosen; null when the body passes.</summary>
    public BodyTemplate? RequestTemplate { get; set; }

    /// <summary>What templates set to replace mappings and the status (rest-api.md 6.11). Made when first asked for.</summary>
    public TemplateOverrides Overrides => _overrides ??= new TemplateOverrides();

    /// <summary>The same; null when no template was run.</summary>
    public TemplateOverrides? OverridesOrNull => _overrides;

    /// <summary>
    /// The one place of an answer's body that is held whole: first the integration's, where a later phase looks into it, then what goes to
    /// the client. Not whole means that the body streams from <see cref="Call"/>.
    /// </summary>
    public HeldBody HeldAnswer { get; } = new();

    /// <summary>What the request has to do with the cache; made when first asked for.</summary>
    public CacheUse CacheUse => _cacheUse ??= new CacheUse();

    /// <summary>The same; null when no request of this context has met a cache yet.</summary>
    public CacheUse? CacheUseOrNull => _cacheUse;

    /// <summary>Where the integration's body is pulled from when it streams: <see cref="Call"/>, recorded for the cache where it is to be stored.</summary>
    public IBodySource AnswerSource => _cacheUse is { Recorded: { IsActive: true } recorded } ? recorded : Call!;

    /// <summary>Whether <see cref="Call"/>'s body was read to its end, so that nothing of it is left to pass on or to throw away.</summary>
    public bool IsAnswerReceived { get; set; }

    /// <summary>Whether HEAD is answered as if for a body that would have been compressed, whose length nobody knows.</summary>
    public bool HidesLength { get; set; }

    /// <summary>The status of the backend or mock; 0 when there was none.</summary>
    public int IntegrationStatus { get; set; }

    /// <summary>The status that the result of a function itself says; 0 for other integrations.</summary>
    public int IntegrationResultStatus { get; set; }

    /// <summary>When the integration began, or 0.</summary>
    public long IntegrationStartedAt { get; set; }

    /// <summary>When the integration's answer was there, or it had failed; 0 when neither.</summary>
    public long IntegrationEndedAt { get; set; }

    public long Now => Exchange.Loop.Now;

    /// <summary>The API's own part of the raw path.</summary>
    public ReadOnlySpan<byte> RoutePath => Exchange.Request.Path[RoutePathOffset..];

    /// <summary>The base path that was matched, without slashes at its ends; empty when there is none.</summary>
    public ReadOnlySpan<byte> BasePath => BasePathLength == 0 ? default : Exchange.Request.Path.Slice(BasePathOffset + 1, BasePathLength);

    /// <summary>The wall clock when the request came, in milliseconds since 1970.</summary>
    public long ArrivedAtUnixMilliseconds => Services.UnixMilliseconds(Now) - ((Now - Exchange.StartedAt) / 1_000_000);

    /// <summary><c>x-amzn-RequestId</c>.</summary>
    public ReadOnlySpan<byte> RequestId => _ids.AsSpan(0, RequestIds.UuidLength);

    /// <summary><c>x-amz-apigw-id</c>.</summary>
    public ReadOnlySpan<byte> ExtendedRequestId => _ids.AsSpan(RequestIds.UuidLength);

    /// <summary>The client's address: the connection's, or, behind trusted proxies, the last one in X-Forwarded-For that is none of them.</summary>
    public IpAddress SourceIp
    {
        get
        {
            if (!_hasSourceIp)
            {
                _sourceIp = ForwardedFor.SourceOf(Exchange, Settings.TrustedProxies);
                _hasSourceIp = true;
            }

            return _sourceIp;
        }
    }

    /// <summary>The complete <c>X-Amzn-Trace-Id</c>, made at the first call.</summary>
    public ReadOnlySpan<byte> Trace
    {
        get
        {
            if (!_hasTrace) MakeTrace();
            return _trace.AsSpan(0, _traceId.Length);
        }
    }

    /// <summary><see cref="Trace"/>, for whoever keeps it until the request ends.</summary>
    public ReadOnlyMemory<byte> TraceMemory
    {
        get
        {
            if (!_hasTrace) MakeTrace();
            return _trace.AsMemory(0, _traceId.Length);
        }
    }

    /// <summary>The root of <see cref="Trace"/>.</summary>
    public ReadOnlySpan<byte> TraceRoot
    {
        get
        {
            if (!_hasTrace) MakeTrace();
            return _trace.AsSpan(_traceId.Root);
        }
    }

    /// <summary>The live state of the route; null without one.</summary>
    public RouteLive? RouteLive => Route is null ? null : Deployment!.Live(Route.Ordinal);

    /// <summary>Starts a request on the snapshot that serves now.</summary>
    public void Begin(GatewaySnapshot snapshot)
    {
        // A walk that ended in an exception may have left something behind.
        if (!ReferenceEquals(Snapshot, GatewaySnapshot.Empty)) End();
        Snapshot = snapshot;
        IsGrpc = GrpcCalls.Is(Exchange.Request);
        if (IsGrpc) ErrorForm = GrpcErrorForm.Instance;
        HeaderTable headers = Exchange.Request.Headers;
        int sent = headers.LastIndexOf(KnownHeader.XAmznRequestId);
        if (sent >= 0 && RequestIds.IsUuid(headers.Value(sent))) headers.Value(sent).CopyTo(_ids);
        else RequestIds.WriteUuid(Services.Random, _ids);
        RequestIds.WriteExtended(Services.Random, _ids.AsSpan(RequestIds.UuidLength));
    }

    /// <summary>Starts a request of the gateway's own, which has something to do with the cache already.</summary>
    public void BeginRefresh(GatewaySnapshot snapshot)
    {
        Snapshot = snapshot;
        RequestIds.WriteUuid(Services.Random, _ids);
        RequestIds.WriteExtended(Services.Random, _ids.AsSpan(RequestIds.UuidLength));
    }

    /// <summary>Gives back what the request borrowed and forgets it.</summary>
    public void End()
    {
        if (Call is { } call)
        {
            Call = null;
            Exchange.Pending = null;
            call.Return();
        }

        LeaveTarget();
        if (UpstreamSlots is { } upstreamSlots)
        {
            UpstreamSlots = null;
            upstreamSlots.Leave();
        }

        if (Function is { } function)
        {
            Function = null;
            Exchange.Pending = null;
            function.Return();
        }

        _cacheUse?.Release(Exchange.Loop.Buffers);
        if (Slots is { } slots)
        {
            Slots = null;
            slots.Leave(this);
        }

        ClientContext.Release(Exchange.Loop.Buffers);
        Body.Release(Exchange.Loop.Buffers);
        EncodedAnswer.Release(Exchange.Loop.Buffers);
        HeldAnswer.Release(Exchange.Loop.Buffers);
        Recoded.Release(Exchange.Loop.Buffers);
        Codings = default;
        Snapshot = GatewaySnapshot.Empty;
        Stage = null;
        Deployment = null;
        Route = null;
        if (ApiKey.Outcome != ApiKeyOutcome.NotNeeded) ApiKey = default;
        UsageIdentifierKey = default;
        RoutePathOffset = BasePathOffset = BasePathLength = 0;
        HasStagePrefix = false;
        RoutingRule = null;
        ErrorForm = RestErrorForm.Instance;
        IsGrpc = false;
        _grpcBody?.Release();
        ForgetOverrides();
        Fault = FaultKind.None;
        BodyModel = null;
        BodyReading = 0;
        BodyTape = null;
        RequestTemplate = null;
        IsAnswerReceived = HidesLength = false;
        IntegrationStatus = IntegrationResultStatus = 0;
        InvocationType = InvocationType.RequestResponse;
        FunctionOutcome = FunctionOutcome.Ok;
        PreludeLength = 0;
        IntegrationStartedAt = IntegrationEndedAt = 0;
        Observer = null;
        _hasTrace = false;
        _hasSourceIp = false;
    }

    /// <summary>Says that the call to <see cref="Target"/> is over, if there is one.</summary>
    public void LeaveTarget()
    {
        if (Target is not { } target) return;
        Target = null;
        if (!Services.IsRehearsal) target.Live.Leave();
    }

    /// <summary>The body of a gRPC call, as it is sent on: any number of messages, each within the limit, with pauses of any length between them.</summary>
    /// <param name="most">Most bytes of one message; below zero for any.</param>
    public IBodySource FollowGrpcBody(long most)
    {
        Exchange.BodyLimit = -1;
        Exchange.BodyMayPause = true;
        return (_grpcBody ??= new GrpcRequestBody()).Follow(Exchange, most);
    }

    /// <summary>Tells the observer, if there is one.</summary>
    public Verdict Observe(WalkPhase phase, Verdict verdict)
    {
        Observer?.OnPhase(this, phase, verdict, Now);
        return verdict;
    }

    private void ForgetOverrides()
    {
        if (_overrides is null) return;

        // Their memory grows with what was set; a connection that waits for its next request should not keep much.
        if (_overrides.Bytes > MostOverridesKept) _overrides = null;
        else _overrides.Clear();
    }

    private void MakeTrace()
    {
        HeaderTable headers = Exchange.Request.Headers;
        int sent = headers.LastIndexOf(KnownHeader.XAmznTraceId);
        _traceId = TraceId.Complete(
            sent < 0 ? default : headers.Value(sent), Settings.TraceTrust, Services.UnixMilliseconds(Now) / 1000, Services.Random, _trace);
        _hasTrace = true;
    }
}
