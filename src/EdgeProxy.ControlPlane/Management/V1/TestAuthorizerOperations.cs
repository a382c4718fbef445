using System.Globalization;
using System.Text;
using EdgeProxy.Compiler.Mappings;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Operations.TestInvocations;
using EdgeProxy.Http.Server;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>TestInvokeAuthorizer: calls the function of an authorizer and judges its reply (control-plane.md 3.9, security.md 7).</summary>
/// <remarks>Authorizers of other types are not run by this version, so that there is nothing to test: such a call is a 400 that says so, never a made up answer.</remarks>
public static class TestAuthorizerOperations
{
    /// <summary>The stage in the method's ARN, as the service has it.</summary>
    private const string StageName = "ESTestInvoke-stage";

    private const long LongestCall = 29_000_000_000;

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("TestInvokeAuthorizer", "POST /restapis/{restapi_id}/authorizers/{authorizer_id}", 200,
            "headers:map<str> multiValueHeaders:map<[str]> pathWithQueryString:str body:str stageVariables:map<str> additionalContext:map<str>", Run) { IsTest = true },
    ];

    private static Reply Run(Call call)
    {
        if (StageRules.FindApi(call, out string scope) is { } unknown) return unknown;
        if (call.Book.Find(scope, Kinds.Authorizer, call.Path("authorizer_id")) is not { } record) return Reply.NotFound("Invalid Authorizer identifier specified");
        WireValue authorizer = record.Open();
        string type = authorizer.TextOf("type") ?? "";
        if (type is not ("TOKEN" or "REQUEST")) return Reply.BadRequest($"Authorizers of type {type} are not run by this version, so that there is nothing to test.");
        if (call.Services.Test is not { } test) return Reply.Fault(ErrorType.ServiceUnavailableException, "This node has no loop to test on.");
        var run = new AuthorizerTest(call, authorizer);
        if (run.Refusal is not null) return run.Answer(0);
        string uri = run.Fill(authorizer.TextOf("authorizerUri") ?? "");
        byte[] document = run.Event().ToBytes();
        return Reply.Await(asker => RunAsync(run, test, uri, document, call.Options.Limits.AuthorizerReplyBytes, asker));
    }

    private static async LoopTask<Reply> RunAsync(AuthorizerTest run, TestInvoke test, string uri, byte[] document, int most, Exchange? asker)
    {
        TestFunctionResult result = await test.CallAsync(uri, document, LongestCall, most, asker);
        run.Judge(result);
        return run.Answer(result.Latency).Meeting(result.IsTooLarge ? LimitNames.AuthorizerReply : null);
    }

    /// <summary>One test under way.</summary>
    private sealed class AuthorizerTest
    {
        private readonly Call _call;
        private readonly string _type;
        private readonly string _path;
        private readonly string _query;
        private readonly string _id = Guid.NewGuid().ToString();
        private readonly List<KeyValuePair<string, string>> _headers = [];
        private readonly WireValue _authorization = WireValue.NewObject();
        private readonly StringBuilder _log = new();
        private string _token = "";
        private int _status;
        private string? _principal;
        private string? _policy;

        public AuthorizerTest(Call call, WireValue authorizer)
        {
            _call = call;
            _type = authorizer.TextOf("type")!;
            string target = call.Body.TextOf("pathWithQueryString") is { Length: > 0 } given ? given : "/";
            int question = target.IndexOf('?', StringComparison.Ordinal);
            _path = question < 0 ? target : target[..question];
            _query = question < 0 ? "" : target[(question + 1)..];
            foreach ((string name, WireValue values) in call.Body.MembersOf("multiValueHeaders"))
            {
                foreach (WireValue value in values.Items) _headers.Add(new(name, value.Text));
            }

            foreach ((string name, WireValue value) in call.Body.MembersOf("headers"))
            {
                if (!_headers.Exists(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))) _headers.Add(new(name, value.Text));
            }

            _log.Append("Execution log for request ").Append(_id).Append('\n');
            Tell($"Starting authorizer: {call.Path("authorizer_id")}");
            Refusal = Identify(authorizer);
        }

        /// <summary>Why the function is not even called; null when it is.</summary>
        public string? Refusal { get; }

        /// <summary>Puts stage variables in the place of <c>${stageVariables.name}</c>.</summary>
        public string Fill(string text)
        {
            foreach ((string name, WireValue value) in _call.Body.MembersOf("stageVariables")) text = text.Replace("${stageVariables." + name + "}", value.Text, StringComparison.Ordinal);
            return text;
        }

        /// <summary>The event that the function gets (security.md 7.2, 7.3).</summary>
        public WireValue Event()
        {
            string api = _call.Path("restapi_id");
            string arn = $"arn:aws:execute-api:{_call.Options.Region}:{_call.Options.AccountId}:{api}/{StageName}/GET{_path}";
            WireValue document = WireValue.NewObject().Set("type", _type).Set("methodArn", arn);
            if (_type == "TOKEN") return document.Set("authorizationToken", _token);
            WireValue identity = WireValue.NewObject().Set("sourceIp", "127.0.0.1");
            WireValue context = WireValue.NewObject()
                .Set("path", $"/{StageName}{_path}")
                .Set("accountId", _call.Options.AccountId)
                .Set("stage", StageName)
                .Set("requestId", _id)
                .Set("identity", identity)
                .Set("resourcePath", _path)
                .Set("httpMethod", "GET")
                .Set("apiId", api);
            foreach ((string name, WireValue value) in _call.Body.MembersOf("additionalContext"))
            {
                if (context[name] is null) context.Set(name, value.Text);
            }

            document.Set("resource", _path).Set("path", _path).Set("httpMethod", "GET");
            AddPairs(document, "headers", "multiValueHeaders", _headers);
            AddPairs(document, "queryStringParameters", "multiValueQueryStringParameters", QueryText.Read(_query));
            return document
                .Set("pathParameters", WireValue.NewObject())
                .Set("stageVariables", _call.Body["stageVariables"] is { IsObject: true } variables ? variables : WireValue.NewObject())
                .Set("requestContext", context);
        }

        /// <summary>Judges what the function answered (security.md 7.5, 7.6).</summary>
        public void Judge(TestFunctionResult result)
        {
            if (result.Uri.Length > 0)
            {
                Tell("Endpoint request URI: " + result.Uri);
                Tell("Sending request to " + result.Uri);
            }

            if (result.Failure is { } failure)
            {
                Refuse(500, failure);
                return;
            }

            Tell(string.Create(CultureInfo.InvariantCulture, $"Received response. Status: {result.Status}, Integration latency: {result.Latency} ms"));
            Tell("Endpoint response body before transformations: " + Encoding.UTF8.GetString(result.Body));
            WireValue? reply = WireValue.TryParse(result.Body, out WireValue? read) ? read : null;
            if (result.IsFunctionError)
            {
                // Only the literal text is a refusal; any other failure is ours to explain.
                if (reply?.TextOf("errorMessage") == "Unauthorized") Refuse(401, "Unauthorized request: " + _id);
                else Refuse(500, "Execution failed due to configuration error: the function failed");
                return;
            }

            if (ProblemOrNull(reply) is { } problem)
            {
                Refuse(500, "Execution failed due to configuration error: " + problem);
                return;
            }

            _principal = reply!.TextOf("principalId");
            _policy = reply["policyDocument"]!.ToString();
            Tell("Using valid authorizer policy for principal: " + Masked(_principal!));
            Tell("Successfully completed authorizer execution");
        }

        /// <summary>What the caller gets.</summary>
        public Reply Answer(long latency)
        {
            WireValue answer = WireValue.NewObject().Set("clientStatus", _status).Set("log", _log.ToString()).Set("latency", latency);
            if (_principal is not null) answer.Set("principalId", _principal).Set("policy", _policy);
            return Reply.Of(answer.Set("authorization", _authorization));
        }

        private string? Identify(WireValue authorizer)
        {
            string[] sources = (authorizer.TextOf("identitySource") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (_type == "TOKEN")
            {
                _token = sources.Length == 0 ? "" : ValueOf(sources[0]) ?? "";
                Tell("Incoming identity: " + Masked(_token));
                if (_token.Length == 0) return Refuse(401, "Unauthorized request: " + _id);
                bool fits = authorizer.TextOf("identityValidationExpression") is not { Length: > 0 } expression || new SelectionPattern(expression).Matches(_token);
                return fits ? null : Refuse(401, "Token does not match identityValidationExpression. Unauthorized request: " + _id);
            }

            bool caches = authorizer.NumberOf("authorizerResultTtlInSeconds") != 0;
            foreach (string source in sources)
            {
                string? value = ValueOf(source);
                if (value is { Length: > 0 }) _authorization.ListAt(source[(source.LastIndexOf('.') + 1)..]).Items.Add(WireValue.Of(value));
                else if (caches) return Refuse(401, "Unauthorized request: " + _id);
            }

            Tell("Incoming identity: ***");
            return null;
        }

        private string? ValueOf(string source)
        {
            if (After(source, "method.request.header.") is { } header) return Last(_headers, header, StringComparison.OrdinalIgnoreCase);
            if (After(source, "method.request.querystring.") is { } parameter) return Last(QueryText.Read(_query), parameter, StringComparison.Ordinal);
            if (After(source, "stageVariables.") is { } variable) return _call.Body["stageVariables"]?.TextOf(variable);
            return After(source, "context.") is { } name ? _call.Body["additionalContext"]?.TextOf(name) : null;
        }

        private string Refuse(int status, string text)
        {
            _status = status;
            Tell(text);
            return text;
        }

        private void Tell(string text) =>
            _log.Append(_call.Now.UtcDateTime.ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture)).Append(" : ").Append(text).Append('\n');

        private static string? ProblemOrNull(WireValue? reply)
        {
            if (reply is not { IsObject: true }) return "the function's reply is no JSON object";
            if (reply.TextOf("principalId") is not { Length: > 0 }) return "the function's reply has no principalId";
            if (reply["policyDocument"] is not { IsObject: true } policy || policy["Statement"] is not { Kind: WireKind.Object or WireKind.List }) return "the function's reply has no policyDocument with a Statement";
            foreach ((string name, WireValue value) in reply.MembersOf("context"))
            {
                if (value.IsObject || value.IsList) return $"the value of {name} in the function's context is neither text, number nor boolean";
            }

            return null;
        }

        private static void AddPairs(WireValue document, string one, string all, IReadOnlyList<KeyValuePair<string, string>> pairs)
        {
            WireValue last = WireValue.NewObject();
            WireValue lists = WireValue.NewObject();
            foreach ((string name, string value) in pairs)
            {
                last.Set(name, value);
                lists.ListAt(name).Items.Add(WireValue.Of(value));
            }

            document.Set(one, last).Set(all, lists);
        }

        private static string? Last(IReadOnlyList<KeyValuePair<string, string>> pairs, string name, StringComparison comparison)
        {
            string? found = null;
            foreach ((string key, string value) in pairs)
            {
                if (key.Equals(name, comparison)) found = value;
            }

            return found;
        }

        private static string? After(string text, string start) => text.StartsWith(start, StringComparison.Ordinal) ? text[start.Length..] : null;

        // The beginning tells people which of their tokens it was.
        private static string Masked(string text) => text.Length <= 4 ? "***" : text[..2] + "***";
    }
}
