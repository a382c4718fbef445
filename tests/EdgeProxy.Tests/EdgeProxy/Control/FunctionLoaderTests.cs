using EdgeProxy.Commands;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Settings;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Tests.Process.Control;

public sealed class FunctionLoaderTests : IDisposable
{
    private readonly Workspace _work = new();
    private readonly ProblemList _problems = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Makes_a_target_of_each_item_and_starts_nothing()
    {
        _work.Write("hello/bootstrap", "");
        LoadedFunctions loaded = Load("""
            lambda:
              region: eu-west-1
              functions:
                - { name: hello, runtime: provided.al2023, code: hello, timeout: 7s, workers: { max: 3 }, environment: { A1: b } }
                - { name: old, url: "https://old.test" }
                - { name: new, endpoint: "http://emulator.test", credentials: { source: none } }
            """);
        Assert.Empty(_problems);
        LocalFunctionOptions options = Assert.Single(loaded.Local).Options;
        Assert.Equal(("hello", "eu-west-1", LocalRuntime.Provided, "provided.al2023", TimeSpan.FromSeconds(7), 3), (options.Name, options.Region, options.Runtime, options.RuntimeIdentifier, options.Timeout, options.MaximumWorkers));
        Assert.Equal([FunctionTargetKind.Url, FunctionTargetKind.Endpoint], loaded.Elsewhere.Select(static target => target.Kind));
        foreach ((string name, bool expected) in (ReadOnlySpan<(string, bool)>)[("hello", true), ("old", true), ("new", true), ("other", false)])
        {
            FunctionName.TryParse($"arn:aws:lambda:us-east-1:111122223333:function:{name}", out FunctionName? function);
            Assert.Equal(expected, loaded.Takes(function!));
        }
    }

    [Fact]
    public void A_code_directory_that_is_none_is_an_error_at_its_line()
    {
        _work.Write("file.zip", "");
        Load("lambda:\n  functions:\n    - name: a\n      runtime: provided\n      code: nowhere\n    - name: b\n      runtime: provided\n      code: file.zip\n");
        string[] lines = [.. _problems.Select(ProblemWriter.Line)];
        Assert.Contains("edgeproxy.yaml:5:", lines[0], StringComparison.Ordinal);
        Assert.Contains("does not exist", lines[0], StringComparison.Ordinal);
        Assert.Contains("edgeproxy.yaml:8:", lines[1], StringComparison.Ordinal);
        Assert.Contains("is a file", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_a_function_may_not_have_is_an_error()
    {
        _work.Write("hello/bootstrap", "");
        Load("lambda: { functions: [ { name: a, runtime: provided, code: hello, environment: { AWS_REGION: x } } ] }");
        Assert.Contains("AWS_REGION", Assert.Single(_problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_item_that_another_hides_is_a_warning()
    {
        Load("lambda: { functions: [ { name: a, url: 'http://a' }, { name: a, url: 'http://b' } ] }");
        Assert.Equal(ProblemSeverity.Warning, Assert.Single(_problems).Severity);
    }

    [Fact]
    public void Tells_which_files_hold_credentials_and_how_tls_is_spoken()
    {
        LambdaSettings settings = Settings("""
            lambda:
              functions:
                - { name: a, endpoint: aws, credentials: { file: keys } }
                - { name: b, endpoint: "http://emulator.test", credentials: { source: none }, tls: { serverName: unused } }
                - { name: c, url: "https://c.test", tls: { serverName: d } }
            """);
        Assert.Equal([Path.Combine(_work.Folder, "keys")], FunctionLoader.FilesOf(settings, new Dictionary<string, string>()));
        Assert.Equal([null, "d"], FunctionLoader.TlsOf(settings).Select(static tls => tls.ServerName));
    }

    [Fact]
    public void Validate_misses_the_function_of_an_integration_that_nothing_takes()
    {
        _work.Write("a.yaml", """
            openapi: 3.0.1
            info: { title: A, version: '1' }
            paths:
              /a:
                get:
                  responses: { '200': { description: ok } }
                  x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:missing/invocations' }
            """);
        ValidateCommand.Load(_work.Options("apis: [{ file: a.yaml }]\nlambda: { functions: [ { name: other, url: 'http://a' } ] }"), _problems);
        Problem problem = Assert.Single(_problems, static problem => problem.Code == ProblemCode.NoFunction);
        Assert.Equal(ProblemSeverity.Warning, problem.Severity);
        Assert.Contains("GET /a calls the function missing", problem.Message, StringComparison.Ordinal);
        var again = new ProblemList();
        ValidateCommand.Load(_work.Options("apis: [{ file: a.yaml }]\nlambda: { functions: [ { name: missing, url: 'http://a' } ] }"), again);
        Assert.DoesNotContain(again, static problem => problem.Code == ProblemCode.NoFunction);
    }

    private LambdaSettings Settings(string yaml)
    {
        NodeSettings? settings = SettingsReader.Read(_work.Options(yaml).Sources, _problems);
        Assert.True(settings is not null, string.Join('\n', _problems.Select(ProblemWriter.Line)));
        return settings.Lambda;
    }

    private LoadedFunctions Load(string yaml) => FunctionLoader.Load(Settings(yaml), new Dictionary<string, string>(), new CallMetrics(new MetricRegistry(stripes: 0)), _problems);
}
