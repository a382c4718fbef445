using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Operations.Explanations;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Telemetry.Tracing;

namespace EdgeProxy.Gateway.Operations;

/// <summary>Tells what a request would meet, phase by phase and why, by rehearsing it: the same walk, with nothing on the wire and no trace left.</summary>
/// <remarks>
/// The exchange is made of memory, upstreams and functions are stand-ins, the loop's services belong to the rehearsal alone, and nothing is
/// accounted. No phase knows of it. One thread at a time.
/// </remarks>
public sealed class Explain
{
    private readonly RehearsalLoop _loop = new();
    private readonly StandInUpstreams _upstreams;
    private readonly StandInFunctions _functions = new();
    private readonly LoopServices _services;

    /// <param name="time">The wall clock.</param>
    public Explain(TimeProvider time)
    {
        _upstreams = new StandInUpstreams(_loop);
        _services = new LoopServices(new GatewayMetrics(new MetricRegistry(stripes: 1)), _upstreams, accessLog: null, new FastRandom(), time)
        {
            IsRehearsal = true,
            Functions = _functions,
        };
    }

    /// <summary>What an explanation may cost.</summary>
    public ExplainLimits Limits { get; set; } = new();

    /// <summary>How large a head the listener takes, and how strictly it reads it.</summary>
    public HeadLimits Head { get; set; } = new();

    /// <inheritdoc cref="Head"/>
    public ParseOptions Parse { get; set; }

    /// <summary>Largest request body that the listener takes; -1 for any.</summary>
    public long BodyLimit { get; set; } = -1;

    /// <summary>The listener that the request is taken to come in by; on loopback, the emulators' paths are there.</summary>
    public ListenerFacts Listener { get; set; } = new("data", IsAdmin: false, IsTls: false, IsLoopback: true, Port: 8080);

    /// <summary>Says what is wrong with a request before it could be sent at all, in a sentence for whoever wrote it; null when nothing is.</summary>
    public string? ProblemOrNull(ExplainRequest request) => ExplainHead.ProblemOrNull(request, Limits);

    /// <summary>Explains a request to what serves now.</summary>
    /// <exception cref="ArgumentException">There is a problem: see <see cref="ProblemOrNull"/>.</exception>
    public Explanation Run(SnapshotHolder snapshots, ExplainRequest request) => Run(snapshots.Current, request);

    /// <summary>Explains a request to a snapshot.</summary>
    /// <exception cref="ArgumentException">There is a problem: see <see cref="ProblemOrNull"/>.</exception>
    internal Explanation Run(GatewaySnapshot snapshot, ExplainRequest request)
    {
        if (ProblemOrNull(request) is { } problem) throw new ArgumentException(problem, nameof(request));
        _loop.Tick();
        _upstreams.Answer = _functions.Answer = request.Answer;
        _functions.Forget();
        var notes = new ExplanationNotes(Limits, new SecretMask(request));
        IpAddress.TryParse(request.SourceIp, out IpAddress client);
        var exchange = new MemoryExchange(
            _loop, Listener, new IpEndpoint(client, 50000), new IpEndpoint(IpAddress.Loopback, (ushort)Listener.Port), ExplainLimits.ShownBody) { BodyLimit = BodyLimit };
        byte[] body = request.Body ?? [];
        byte[] head = ExplainHead.Write(request);
        ViolationCode violation = exchange.Receive(head, body, Head, Parse);
        if (violation != ViolationCode.None) return Refused(request, violation, notes);

        ExplainedMessage told = notes.Message(
            new ExplainedMessage { Method = ExplanationNotes.Plain(exchange.Request.MethodText), Url = notes.Target(exchange.Request.Target), Headers = notes.Fields(exchange.Request.Headers) },
            body, body.Length);
        var recorder = new ExplanationRecorder(notes, _functions);
        LoopTask walk = GatewayHandler.WalkAsync(new RequestContext(exchange, _services) { Observer = recorder }, snapshot);
        if (walk.IsCompleted) walk.GetAwaiter().GetResult(); // for its exception, which would be a bug

        return new Explanation
        {
            Request = told,
            Phases = recorder.Phases,
            Integration = recorder.Integration,
            Response = recorder.Response,
            End = recorder.IsAtIntegration ? ExplainedEnd.AtIntegration
                : !walk.IsCompleted ? ExplainedEnd.Waiting
                : exchange.Aborted != AbortReason.None ? ExplainedEnd.Cut
                : ExplainedEnd.Answered,
            IsCut = notes.IsCut,
        };
    }

    /// <summary>What a connection does with such bytes, before any phase.</summary>
    private static Explanation Refused(ExplainRequest request, ViolationCode violation, ExplanationNotes notes)
    {
        int status = ViolationAnswers.StatusOf(violation);
        byte[] body = [.. "{\"message\":\""u8, .. StatusText.Of(status), .. "\"}"u8];
        return new Explanation
        {
            Request = notes.Message(new ExplainedMessage { Method = notes.Text(request.Method), Url = notes.Target(Encoding.UTF8.GetBytes(request.Target)) }, request.Body, request.Body?.Length ?? 0),
            Phases = [],
            End = ExplainedEnd.RefusedByListener,
            Violation = ExplanationNotes.Plain(ViolationAnswers.LabelOf(violation)),
            Response = notes.Message(new ExplainedMessage { Status = status, Headers = [new("Content-Type", "application/json"), new("Connection", "close")] }, body, body.Length),
            IsCut = notes.IsCut,
        };
    }
}
