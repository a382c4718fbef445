using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Operations.TestInvocations;
using EdgeProxy.Http.Server;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>TestInvokeMethod: calls a method as it is written now, without a deployment (control-plane.md 3.9).</summary>
public static class TestInvokeOperations
{
    private const string StageName = "test-invoke-stage";

    private static readonly string[] s_verbs = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD"];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("TestInvokeMethod", "POST /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}", 200,
            "pathWithQueryString:str body:str headers:map<str> multiValueHeaders:map<[str]> clientCertificateId:str stageVariables:map<str>", Run) { IsTest = true },
    ];

    private static Reply Run(Call call)
    {
        string scope = Scopes.RestApi(call.Path("restapi_id"));
        string resourceId = call.Path("resource_id");
        string asked = call.Path("http_method").ToUpperInvariant();
        if (call.Book.ScopeOrNull(scope) is not { } api || api.Find(Kinds.Resource, resourceId) is not { } resource) return Reply.NotFound("Invalid Resource identifier specified");
        Record? method = api.Find(Kinds.Method, $"{resourceId}/{asked}");

        // Whoever may send any verb may test any.
        if (method is null && Array.IndexOf(s_verbs, asked) >= 0) method = api.Find(Kinds.Method, $"{resourceId}/ANY");
        if (method is null) return Reply.NotFound("Invalid Method identifier specified");
        if (call.Services.Test is not { } test) return Reply.Fault(ErrorType.ServiceUnavailableException, "This node has no loop to test on.");
        if (method.Open()["methodIntegration"] is null) return Reply.BadRequest("No integration defined for method");
        if (StageRules.CheckCertificate(call, call.Body.TextOf("clientCertificateId")) is { } unknown) return unknown;

        var stage = new StageDefinition { Name = StageName, Variables = VariablesOf(call.Body), ClientCertificateId = call.Body.TextOf("clientCertificateId") };
        string path = resource.Open().TextOf("path") ?? "/";
        string verb = method.Key[(method.Key.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var problems = new ProblemList();

        // The others are not looked at: what is wrong with them is no matter of this one.
        ApiDefinition definition = ReadDefinition.Run(api.With(new RecordTable(Kinds.Method, [method])), problems);
        TestPlan? plan = problems.HasErrors ? null : TestCompiler.CompileOrNull(definition, path, verb, stage, test, call.Options.Limits.IntegrationTimeoutMilliseconds, problems);
        if (plan is null) return Reply.BadRequest("The method cannot be run. " + TextOf(problems));
        TestInvokeRequest request = RequestOf(call.Body, path, asked == "ANY" ? "GET" : asked);
        return Reply.Await(asker => RunAsync(test, plan, request, call.Options.Limits.TestAnswerBytes, asker));
    }

    private static async LoopTask<Reply> RunAsync(TestInvoke test, TestPlan plan, TestInvokeRequest request, int most, Exchange? asker)
    {
        TestInvokeResult result = await test.RunAsync(plan, request, most, asker);
        if (result.Problem is { } problem) return Reply.BadRequest(problem);
        WireValue headers = WireValue.NewObject();
        WireValue all = WireValue.NewObject();
        foreach ((string name, string value) in result.Headers)
        {
            headers.Set(name, value);
            all.ListAt(name).Items.Add(WireValue.Of(value));
        }

        return Reply.Of(WireValue.NewObject()
            .Set("status", result.Status)
            .Set("body", Encoding.UTF8.GetString(result.Body))
            .Set("headers", headers)
            .Set("multiValueHeaders", all)
            .Set("log", result.Log)
            .Set("latency", result.Latency)).Meeting(result.IsCut ? LimitNames.TestAnswer : null);
    }

    private static TestInvokeRequest RequestOf(WireValue body, string resourcePath, string verb)
    {
        string target = body.TextOf("pathWithQueryString") is { Length: > 0 } given ? given : resourcePath;
        if (!target.StartsWith('/')) target = "/" + target;
        int question = target.IndexOf('?', StringComparison.Ordinal);
        var headers = new List<KeyValuePair<string, string>>();
        foreach ((string name, WireValue values) in body.MembersOf("multiValueHeaders"))
        {
            foreach (WireValue value in values.Items) headers.Add(new(name, value.Text));
        }

        // What both name is sent once, as the lists have it.
        foreach ((string name, WireValue value) in body.MembersOf("headers"))
        {
            if (!headers.Exists(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))) headers.Add(new(name, value.Text));
        }

        return new TestInvokeRequest
        {
            Verb = verb,
            Path = question < 0 ? target : target[..question],
            Query = question < 0 ? "" : target[(question + 1)..],
            Headers = headers,
            Body = Encoding.UTF8.GetBytes(body.TextOf("body") ?? ""),
        };
    }

    private static Dictionary<string, string> VariablesOf(WireValue body)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, WireValue value) in body.MembersOf("stageVariables")) variables[name] = value.Text;
        return variables;
    }

    private static string TextOf(ProblemList problems)
    {
        var texts = new List<string>();
        foreach (Problem problem in problems)
        {
            if (problem.Severity == ProblemSeverity.Error && texts.Count < 10) texts.Add(problem.Message);
        }

        return string.Join(" ", texts);
    }
}
