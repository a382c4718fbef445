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
    private ExplainConditions _conditions = new();

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

    /// <summary>What requests are taken to come in by, and what an explanation may cost; a reload may swap it.</summary>
    public ExplainConditions Conditions
    {
        get => Volatile.Read(ref _conditions);
        set => Volatile.Write(ref _conditions, value);
    }

    /// <summary>Says what is wrong with a request before it could be sent at all, in a sentence for whoever wrote it; null when nothing is.</summary>
    public string? ProblemOrNull(ExplainRequest request) => ExplainHead.ProblemOrNull(request, Conditions.Limits);

    /// <summary>Explains a request to what serves now.</summary>
    /// <exception cref="ArgumentException">There is a problem: see <see cref="ProblemOrNull"/>.</exception>
    public Explanation Run(SnapshotHolder snapshots, ExplainRequest request) => Run(snapshots.Current, request);

    /// <summary>Explains a request to a snapshot.</summary>
    /// <exception cref="ArgumentException">There is a problem: see <see cref="ProblemOrNull"/>.</exception>
    internal Explanation Run(GatewaySnapshot snapshot, ExplainRequest request)
    {
        if (ProblemOrNull(request) is { } problem) throw new ArgumentException(problem, nameof(request));
        ExplainConditions conditions = Conditions;
        _loop.TakeTurn();
        _upstreams.Answer = _functions.Answer = request.Answer;
        var notes = new ExplanationNotes(conditions.Limits, new SecretMask(request));
        IpAddress.TryParse(request.SourceIp, out IpAddress client);
        var exchange = new MemoryExchange(
            _loop, conditions.Listener, new IpEndpoint(client, 50000), new IpEndpoint(IpAddress.Loopback, (ushort)conditions.Listener.Port), ExplainLimits.ShownBody)
        {
            BodyLimit = conditions.BodyLimit,
        };
        byte[] body = request.Body ?? [];
        byte[] head = ExplainHead.Write(request);
        ViolationCode violation = exchange.Receive(head, body, conditions.Head, conditions.Parse);
        if (violation != ViolationCode.None) return Refused(request, violation, notes);

        ExplainedMessage told = notes.Message(
            new ExplainedMessage { Method = ExplanationNotes.Plain(exchange.Request.MethodText), Url = notes.Target(exchange.Request.Target), Headers = notes.Fields(exchange.Request.Headers) },
            body, body.Length);
        var recorder = new ExplanationRecorder(notes);
        var context = new RequestContext(exchange, _services) { Observer = recorder };
        bool isComplete = Walk(context, snapshot);
        recorder.Seal();
        if (!isComplete) Abandon(exchange);

        return new Explanation
        {
            Request = told,
            Phases = recorder.Phases,
            Integration = recorder.Integration,
            Response = recorder.Response,
            End = recorder.IsAtIntegration ? ExplainedEnd.AtIntegration
                : !isComplete ? ExplainedEnd.Waiting
                : exchange.Aborted != AbortReason.None ? ExplainedEnd.Cut
                : ExplainedEnd.Answered,
            IsCut = notes.IsCut,
            LimitsMet = notes.LimitsMet,
        };
    }

    /// <summary>Takes the walk, turn by turn where it yields; false when it waits for something else.</summary>
    private bool Walk(RequestContext context, GatewaySnapshot snapshot)
    {
        // The admin loop, if this is its thread; continuations of the walk belong to the rehearsal's.
        LoopScheduler? outer = LoopScheduler.Current;
        _loop.EnterThread();
        try
        {
            LoopTask walk = GatewayHandler.WalkAsync(context, snapshot);
            while (!walk.IsCompleted && _loop.TakeTurn())
            {
            }

            if (!walk.IsCompleted) return false;
            walk.GetAwaiter().GetResult(); // for its exception, which would be a bug
            return true;
        }
        finally
        {
            if (outer is null) LoopScheduler.LeaveThread();
            else outer.EnterThread();
        }
    }

    /// <summary>Ends what a walk still waits for, so that it gives back what it borrowed.</summary>
    private void Abandon(MemoryExchange exchange)
    {
        LoopScheduler? outer = LoopScheduler.Current;
        _loop.EnterThread();
        try
        {
            exchange.Abort(AbortReason.HandlerFailed);
            while (_loop.TakeTurn())
            {
            }
        }
        finally
        {
            if (outer is null) LoopScheduler.LeaveThread();
            else outer.EnterThread();
        }
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
            LimitsMet = notes.LimitsMet,
        };
    }
}
