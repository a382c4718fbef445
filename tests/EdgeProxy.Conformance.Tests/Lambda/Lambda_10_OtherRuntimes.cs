using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>lambda.md 10: whatever speaks the Runtime API, started as an executable.</summary>
public sealed class Lambda_10_OtherRuntimes : IDisposable
{
    // As the developer guide's custom runtimes do it: a request at a time, with clients that know nothing of this host.
    private const string Python = """
        #!/usr/bin/env python3
        import http.client, json, os
        api = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])
        while True:
            api.request('GET', '/2018-06-01/runtime/invocation/next')
            reply = api.getresponse()
            event = reply.read()
            request_id = reply.getheader('Lambda-Runtime-Aws-Request-Id')
            if event == b'"fail"':
                api.request('POST', f'/2018-06-01/runtime/invocation/{request_id}/error', json.dumps({'errorType': 'Own', 'errorMessage': 'as asked'}))
            else:
                api.request('POST', f'/2018-06-01/runtime/invocation/{request_id}/response', json.dumps({'handler': os.environ['_HANDLER'], 'at': os.getcwd(), 'event': json.loads(event)}))
            assert api.getresponse().read() == b'{"status":"OK"}\n'
        """;

    private const string Node = """
        #!/usr/bin/env node
        const http = require('http');
        const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        const ask = (method, path, body) => new Promise((resolve, reject) => {
          const request = http.request({ host, port, agent, method, path: '/2018-06-01/runtime/' + path, headers: body === undefined ? {} : { 'Content-Type': 'application/json' } }, (response) => {
            const parts = [];
            response.on('data', (part) => parts.push(part)).on('end', () => resolve({ headers: response.headers, body: Buffer.concat(parts).toString() }));
          });
          request.on('error', reject);
          request.end(body);
        });
        (async () => {
          for (;;) {
            const event = await ask('GET', 'invocation/next');
            await ask('POST', `invocation/${encodeURIComponent(event.headers['lambda-runtime-aws-request-id'])}/response`, `[${event.body}]`);
          }
        })();
        """;

    private readonly FunctionStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void A_bootstrap_in_the_code_directory_is_started_there()
    {
        LocalFunction function = _stage.With("bootstrap", Python, executable: true).Start(_stage.Options(LocalRuntime.Provided, "any text"));
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal($"{{\"handler\": \"any text\", \"at\": \"{_stage.Directory}\", \"event\": {i}}}", _stage.Invoke(function, $"{i}").Body);
        }

        FunctionAnswer failed = _stage.Invoke(function, "\"fail\"");
        Assert.Equal((FunctionOutcome.FunctionError, "{\"errorType\": \"Own\", \"errorMessage\": \"as asked\"}"), (failed.Outcome, failed.Body));
    }

    [Fact]
    public void A_command_line_is_a_runtime_like_any_other()
    {
        LocalFunctionOptions options = _stage.Options(LocalRuntime.Command) with { Command = ["node", "client.js"] };
        LocalFunction function = _stage.With("client.js", Node).Start(options);
        for (int i = 0; i < 50; i++) Assert.Equal($"[{i}]", _stage.Invoke(function, $"{i}").Body);
    }

    [Fact]
    public void A_shell_script_with_curl_is_a_runtime()
    {
        _stage.With(
            "bootstrap",
            """
            #!/bin/sh
            while true; do
              event=$(curl -sS -D "$LAMBDA_TASK_ROOT/head" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next")
              id=$(grep -i '^lambda-runtime-aws-request-id:' "$LAMBDA_TASK_ROOT/head" | tr -d '\r' | cut -d' ' -f2)
              curl -sS -o /dev/null "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" -d "{\"echo\":$event}"
            done
            """,
            executable: true);
        LocalFunction function = _stage.Start(_stage.Options(LocalRuntime.Provided));
        for (int i = 0; i < 3; i++) Assert.Equal($"{{\"echo\":{i}}}", _stage.Invoke(function, $"{i}").Body);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bootstrap_that_is_not_there_or_not_executable_is_said_so(bool isThere)
    {
        if (isThere) _stage.With("bootstrap", Python);
        FunctionAnswer answer = _stage.Invoke(_stage.Start(_stage.Options(LocalRuntime.Provided)), "{}");
        Assert.Equal(FunctionOutcome.FunctionError, answer.Outcome);
        Assert.Equal(
            $"{{\"errorType\":\"Runtime.InvalidEntrypoint\",\"errorMessage\":\"RequestId: {answer.RequestId} Error: Couldn't find valid bootstrap(s): [{_stage.Directory}/bootstrap /opt/bootstrap]\"}}",
            answer.Body);
    }

    [Fact]
    public void A_bootstrap_that_ends_at_once_is_told_as_its_exit()
    {
        _stage.With("bootstrap", "#!/bin/sh\nexit 9\n", executable: true);
        FunctionAnswer answer = _stage.Invoke(_stage.Start(_stage.Options(LocalRuntime.Provided)), "{}");
        Assert.Equal($"{{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: {answer.RequestId} Error: Runtime exited with error: exit status 9\"}}", answer.Body);
    }
}
