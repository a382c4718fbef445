using System.Globalization;
using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Gateway.Operations.TestInvocations;

/// <summary>Calls one method for real, without a deployment: the walk behind route, key and throttle, with back ends that are the real ones (control-plane.md 3.9).</summary>
/// <remarks>The walk is a rehearsal in what it leaves behind: no metric, no token, no entry of a cache. One loop's thread only.</remarks>
public sealed class TestInvoke
{
    private static readonly ListenerFacts s_listener = new("admin", IsAdmin: true, IsTls: false, IsLoopback: true, Port: 0);

    private readonly SnapshotHolder _snapshots;
    private readonly EventLoop _loop;
    private readonly LoopServices _services;

    /// <param name="snapshots">Has the node's settings.</param>
    /// <param name="loop">Whose loop it runs on.</param>
    /// <param name="services">That loop's upstreams and functions, for rehearsals.</param>
    internal TestInvoke(SnapshotHolder snapshots, EventLoop loop, LoopServices services)
    {
        if (!services.IsRehearsal) throw new ArgumentException("These services leave traces.", nameof(services));
        _snapshots = snapshots;
        _loop = loop;
        _services = services;
    }

    /// <summary>What serves now: a test finds the settings, VPC links and client certificates that requests find.</summary>
    internal GatewaySnapshot Serving => _snapshots.Current;

    /// <summary>Calls the method of a plan.</summary>
    /// <param name="plan">The method.</param>
    /// <param name="test">What to send.</param>
    /// <param name="most">Most bytes of the answer's body that are shown.</param>
    /// <param name="asker">Who asks: when that client goes, the call is given up; null for nobody.</param>
    public async LoopTask<TestInvokeResult> RunAsync(TestPlan plan, TestInvokeRequest test, int most, Exchange? asker)
    {
        if (ProblemOrNull(test) is { } problem) return new TestInvokeResult { Problem = problem };
        var exchange = new MemoryExchange(_loop, s_listener, new IpEndpoint(IpAddress.Loopback, 50000), new IpEndpoint(IpAddress.Loopback, 443), most) { BodyLimit = -1 };
        ViolationCode violation = exchange.Receive(HeadOf(test), test.Body, new HeadLimits(), default);
        if (violation != ViolationCode.None) return new TestInvokeResult { Problem = $"The request is none that can be sent: {Encoding.ASCII.GetString(ViolationAnswers.LabelOf(violation))}." };

        if (asker is not null) asker.Pending = new Giver(exchange);
        var log = new TestInvokeLog(test, plan.Stage.Main.Plan.Routes[0]);
        var request = new RequestContext(exchange, _services);
        long started = _loop.Now;
        await WalkAsync(request, plan, log);
        if (asker is not null) asker.Pending = null;
        return new TestInvokeResult
        {
            Status = exchange.Aborted == AbortReason.None ? exchange.Response.Status : 500,
            Headers = log.Headers,
            Body = exchange.Sent.ToArray(),
            IsCut = exchange.ResponseBytes > exchange.Sent.Length,
            Log = log.Text,
            Latency = (_loop.Now - started) / 1_000_000,
        };
    }

    /// <summary>Calls the function of an authorizer.</summary>
    /// <param name="uri">The authorizer's URI, stage variables in place.</param>
    /// <param name="document">The event.</param>
    /// <param name="timeout">The longest that it may take, in nanoseconds.</param>
    /// <param name="most">Most bytes of its result.</param>
    /// <param name="asker">Who asks; null for nobody.</param>
    public async LoopTask<TestFunctionResult> CallAsync(string uri, byte[] document, long timeout, int most, Exchange? asker)
    {
        if (FunctionUri.Parse(uri).Function is not { } function) return new TestFunctionResult { Failure = Encoding.ASCII.GetString(ExecutionTexts.Of(FaultKind.InvalidEndpoint)) };
        string shown = $"https://lambda.{function.Region}.amazonaws.com/2015-03-31/functions/{function.Arn}/invocations";
        if (_services.Functions.RentOrNull(function) is not { } call) return new TestFunctionResult { Uri = shown, Failure = Encoding.ASCII.GetString(ExecutionTexts.Of(FaultKind.FunctionNotFound)) };
        long started = _loop.Now;
        call.Event = new BodyChunk(document, 0, document.Length);
        call.Deadline = started + timeout;
        if (asker is not null) asker.Pending = call;
        FunctionOutcome outcome = await call.InvokeAsync();
        using var result = new MemoryStream();
        BodyStatus end = outcome is FunctionOutcome.Ok or FunctionOutcome.FunctionError ? await ReadAsync(call, result, most) : BodyStatus.Aborted;
        if (asker is not null) asker.Pending = null;
        int status = call.Status;
        call.Return();
        return new TestFunctionResult
        {
            Uri = shown,
            Failure = end == BodyStatus.End ? null : $"Execution failed due to an error of the authorizer's function: {(outcome is FunctionOutcome.Ok or FunctionOutcome.FunctionError ? "its result broke off, or is too large" : outcome.ToString())}",
            IsFunctionError = outcome == FunctionOutcome.FunctionError,
            IsTooLarge = end == BodyStatus.TooLarge,
            Status = status,
            Body = result.ToArray(),
            Latency = (_loop.Now - started) / 1_000_000,
        };
    }

    private static async LoopTask<BodyStatus> ReadAsync(FunctionCall call, MemoryStream result, int most)
    {
        while (true)
        {
            BodyRead read = await call.ReadBodyAsync();
            if (read.Failed) return BodyStatus.Aborted;
            if (read.Chunk.Length > most - result.Length) return BodyStatus.TooLarge;
            result.Write(read.Chunk.Span);
            if (read.Status == BodyStatus.End) return BodyStatus.End;
        }
    }

    /// <summary>What would make of one request two, or of one field another.</summary>
    private static string? ProblemOrNull(TestInvokeRequest test)
    {
        if (BreaksLine(test.Path) || BreaksLine(test.Query)) return "The path has a line end in it.";
        foreach ((string name, string value) in test.Headers)
        {
            if (name.Length == 0 || BreaksLine(name) || BreaksLine(value)) return "A header is empty, or has a line end in it.";
        }

        return null;
    }

    private static bool BreaksLine(string text) => text.AsSpan().ContainsAny('\r', '\n', '\0');

    /// <summary>The walk of REST APIs without what comes before the method's own: host, route, key, throttle.</summary>
    private static async LoopTask WalkAsync(RequestContext request, TestPlan plan, TestInvokeLog log)
    {
        try
        {
            request.Begin(plan.Snapshot);
            request.Observer = log;
            request.Stage = plan.Stage;
            request.Deployment = plan.Stage.Main;
            request.Route = plan.Stage.Main.Plan.Routes[0];
            Match(request);
            log.Begin(request);
            Verdict verdict = request.Route.ClosedBy != GatewayResponseType.None ? Verdict.Of(FaultKind.ClosedConfiguration) : request.Observe(WalkPhase.ValidateParameters, Validation.ValidateParameters.Run(request));
            if (!verdict.Ends) verdict = await RestWalk.FetchAsync(request);
            await Respond.RunAsync(request, verdict);
            log.End(request, verdict);
        }
        finally
        {
            request.End();
        }
    }

    /// <summary>Takes the path's values; where the path is not the resource's, they are empty.</summary>
    private static void Match(RequestContext request)
    {
        request.Match = default;
        if (request.Deployment!.Plan.Table.TryMatch(request.RoutePath, request.Exchange.Request.Method, ref request.Match)) return;
        request.Match = default;
        request.Match.Count = request.Route!.ParameterNames.Length;
    }

    /// <summary>The request as a client would send it. Its body is always taken for JSON.</summary>
    private static byte[] HeadOf(TestInvokeRequest test)
    {
        var head = new StringBuilder();

        // What a template's own path has in braces no target may have.
        string target = test.Path.Replace("{", "%7B", StringComparison.Ordinal).Replace("}", "%7D", StringComparison.Ordinal);
        head.Append(test.Verb).Append(' ').Append(target);
        if (test.Query.Length > 0) head.Append('?').Append(test.Query);
        head.Append(" HTTP/1.1\r\nHost: testPrefix.testDomainName\r\n");
        foreach ((string name, string value) in test.Headers)
        {
            if (!IsOurs(name)) head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (test.Body.Length > 0) head.Append(CultureInfo.InvariantCulture, $"Content-Length: {test.Body.Length}\r\n");
        return Encoding.UTF8.GetBytes(head.Append("Content-Type: application/json\r\n\r\n").ToString());
    }

    private static bool IsOurs(string name) =>
        name.Equals("Host", StringComparison.OrdinalIgnoreCase) || name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) || name.Equals("Connection", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Expect", StringComparison.OrdinalIgnoreCase) || Explanations.ExplainHead.IsFraming(name);

    private sealed class Giver(MemoryExchange exchange) : IAbortable
    {
        public void Abort() => exchange.Abort(AbortReason.ClientGone);
    }
}
