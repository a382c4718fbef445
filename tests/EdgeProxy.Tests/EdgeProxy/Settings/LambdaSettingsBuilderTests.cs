using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Settings;

public sealed class LambdaSettingsBuilderTests : IDisposable
{
    private readonly SettingsFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_node_without_functions_has_the_limits_of_lambda()
    {
        LambdaSettings lambda = _fixture.Read(null).Lambda;
        Assert.Equal(new FunctionLimits(), lambda.Limits);
        Assert.Equal(("us-east-1", "000000000000", 0), (lambda.Region, lambda.Account, lambda.Functions.Count));
    }

    [Fact]
    public void A_function_runs_here_behind_a_url_or_behind_an_endpoint()
    {
        LambdaSettings lambda = _fixture.Read("""
            limits: { functionPayload: 1MB }
            lambda:
              region: eu-west-1
              account: "111122223333"
              maxStream: 1GB
              functions:
                - name: hello
                  runtime: nodejs20.x
                  code: functions/hello
                  handler: index.handler
                  timeout: 30s
                  memory: 512
                  environment: { GREETING: hi }
                  workers: { min: 1, max: 4, idle: 1m }
                  queue: { length: 10, wait: 2s }
                - name: arn:aws:lambda:eu-west-1:111122223333:function:legacy
                  url: https://legacy.test/run/{name}
                  tls: { serverName: other.test }
                - name: "*"
                  endpoint: aws
                  region: eu-central-1
                  credentials: { profile: edge }
            """).Lambda;
        Assert.Equal((1024 * 1024, 1024 * 1024, 1L << 30), (lambda.Limits.MaxEvent, lambda.Limits.MaxResult, lambda.Limits.MaxStream));
        LocalFunctionSettings local = lambda.Functions[0].Local!;
        Assert.Equal(("nodejs20.x", Path.Combine(_fixture.Directory_, "functions/hello"), "index.handler"), (local.Runtime, local.Code, local.Handler));
        Assert.Equal((30_000_000_000, 512, 1, 4, 60_000_000_000, 10, 2_000_000_000), (local.Timeout, local.Memory, local.MinimumWorkers, local.MaximumWorkers, local.Idle, local.QueueLength, local.QueueWait));
        Assert.Equal("hi", local.Environment["GREETING"]);
        FunctionUrl url = lambda.Functions[1].Url!;
        Assert.Equal(("https://legacy.test:443", "other.test"), (url.Upstream.ToString(), url.Upstream.Tls!.ServerName));
        FunctionEndpointSettings endpoint = lambda.Functions[2].Endpoint!;
        Assert.Equal((null, "eu-central-1", CredentialSource.File, "edge"), (endpoint.Url, endpoint.Region, endpoint.Credentials.Source, endpoint.Credentials.Profile));
    }

    [Theory]
    [InlineData("name: hello", "does not say where hello runs. Add one of runtime (with code), url and endpoint.")]
    [InlineData("name: hello, handler: index.handler", "Did you forget \"runtime\"?")]
    [InlineData("name: hello, url: 'http://a', endpoint: aws", "has url and endpoint: a function runs in one place.")]
    [InlineData("name: 'a b', url: 'http://a'", "name\" is \"a b\": write the function's name")]
    [InlineData("name: hello, runtime: nodejs, handler: h", "has no \"code\".")]
    [InlineData("name: hello, runtime: nodejs, code: .", "has no \"handler\".")]
    [InlineData("name: hello, runtime: ruby3.3, code: .", "runtime\" is \"ruby3.3\", which this node cannot run.")]
    [InlineData("name: hello, runtime: nodjes, code: .", "Did you mean \"nodejs\"?")]
    [InlineData("name: '*', runtime: provided, code: .", "name\" is *, and a process runs one function.")]
    [InlineData("name: hello, runtime: command, code: .", "has no \"command\".")]
    [InlineData("name: hello, runtime: provided, code: ., command: [a]", "is for the runtime \"command\" only.")]
    [InlineData("name: hello, runtime: provided, code: ., timeout: 901s", "it must be from 1s to 15m")]
    [InlineData("name: hello, runtime: provided, code: ., timeout: 500ms", "it must be from 1s to 15m")]
    [InlineData("name: hello, runtime: provided, code: ., timeout: 3", "give the unit: 3s or 3ms")]
    [InlineData("name: hello, runtime: provided, code: ., workers: {min: 5, max: 2}", "workers.min\" is 5, more than workers.max, which is 2.")]
    [InlineData("name: hello, runtime: provided, code: ., credentials: {profile: x}", "credentials.profile\" means nothing for a function with runtime.")]
    [InlineData("name: hello, url: 'http://a', timeout: 3s", "timeout\" means nothing for a function with url.")]
    [InlineData("name: hello, url: 'ftp://a'", "cannot be called: write a URL with http:// or https://.")]
    [InlineData("name: hello, endpoint: 'http://a/?x=1'", "endpoint\" has a query")]
    [InlineData("name: hello, endpoint: asw", "cannot be called: write a URL")]
    [InlineData("name: hello, endpoint: aws, credentials: {file: f, accessKeyId: K}", "names more than one place.")]
    [InlineData("name: hello, endpoint: aws, credentials: {source: environment, profile: x}", "names more than one place.")]
    [InlineData("name: hello, endpoint: aws, credentials: {accessKeyId: K}", "has no \"secretAccessKey\".")]
    [InlineData("name: hello, endpoint: aws, credentials: {source: variables}", "has no \"accessKeyId\".")]
    [InlineData("name: hello, endpoint: aws, credentials: {source: sts}", "it must be one of auto, environment, file, variables, none")]
    [InlineData("name: hello, endpoint: aws, tls: {clientCertificateId: node}", "which no item of upstream.tls.clientCertificates has as its id.")]
    [InlineData("name: hello, endpoint: aws, handlr: x", "has no setting \"handlr\". Did you mean \"handler\"?")]
    [InlineData("url: 'http://a'", "has no \"name\". Add it.")]
    public void What_is_wrong_with_a_function_is_told_with_its_line(string function, string expected)
    {
        Assert.Null(_fixture.TryRead($"lambda:\n  functions:\n    - {{ {function} }}\n"));
        string line = Assert.Single(_fixture.Lines, line => line.Contains(expected, StringComparison.Ordinal));
        Assert.Matches(@"edgeproxy\.yaml:3:\d+: error", line);
    }

    [Fact]
    public void A_secret_that_stands_where_the_name_of_a_variable_belongs_is_not_repeated()
    {
        Assert.Null(_fixture.TryRead("lambda: { functions: [ { name: f, endpoint: aws, credentials: { accessKeyId: KEY, secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' } } ] }"));
        Assert.Contains("is no name of an environment variable", Assert.Single(_fixture.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("K7MDENG", _fixture.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_has_twelve_digits()
    {
        Assert.Null(_fixture.TryRead("lambda: { account: 1234 }"));
        Assert.Contains("an account has twelve digits", Assert.Single(_fixture.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nodejs", "nodejs")]
    [InlineData("nodejs22.x", "nodejs")]
    [InlineData("python3.13", "python")]
    [InlineData("provided", "provided")]
    [InlineData("provided.al2023", "provided")]
    [InlineData("command", "command")]
    [InlineData("commander", null)]
    [InlineData("nodejsx", null)]
    [InlineData("providedx", null)]
    [InlineData("java21", null)]
    [InlineData("", null)]
    public void A_runtime_may_have_a_version(string runtime, string? family) => Assert.Equal(family, FunctionRuntimes.FamilyOf(runtime));
}
