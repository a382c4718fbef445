using System.Text.Json;
using EdgeProxy.Commands;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class VtlCommandTests : IDisposable
{
    private readonly Workspace _work = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Renders_for_a_request_from_files_and_arguments()
    {
        _work.Write("body.json", """{"name":"Bob"}""");
        _work.Write("context.json", """{"requestId":"r-1","identity":{"sourceIp":"::1","user":null},"requestTimeEpoch":2000}""");
        _work.Write("params.json", """{"path":{"id":"42"},"header":{"X-A":"a"}}""");
        int status = Run("$input.json('$') $context.requestId $context.identity.sourceIp [$context.identity.user] #set($s = $context.requestTimeEpoch / 1000)$s "
            + "$input.params('id') $input.params('X-A') $input.params('q') $stageVariables.tbl", options => options with
            {
                Body = "body.json",
                Context = "context.json",
                Params = "params.json",
                Param = ["querystring.q=x=y", "header.X-A=b"],
                StageVariables = ["tbl=T1"],
            });
        Assert.Equal((ExitStatus.Ok, "", "{\"name\":\"Bob\"} r-1 ::1 [] 2 42 b x=y T1"), (status, _errors.ToString(), _output.ToString()));
    }

    [Fact]
    public void Overrides_go_to_standard_error()
    {
        Assert.Equal(ExitStatus.Ok, Run("#set($context.requestOverride.header.X = [\"1\", \"2\"])#set($context.responseOverride.status = 404)ok"));
        Assert.Equal("ok", _output.ToString());
        Assert.Equal("override: request header X = 1\noverride: request header X = 2\noverride: response status = 404\n", _errors.ToString());
    }

    [Fact]
    public void Trace_tells_each_step_with_its_place_and_value()
    {
        Assert.Equal(ExitStatus.Ok, Run("#set($x = \"a\nb\")\n#if($x)$x#end", options => options with { Action = VtlAction.Trace }));
        Assert.Equal(
            [
                "t.vtl:1:1: set       #set($x = \"a\\nb\") -> a\\nb",
                "t.vtl:3:5: condition $x -> true",
                "t.vtl:3:8: reference $x -> a\\nb",
                "---",
                "a",
                "b",
            ],
            _output.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Programs_get_JSON()
    {
        Assert.Equal(ExitStatus.Failed, Run("a#set($context.responseOverride.header.H = \"v\")$util.parseJson(\"x\")", options => options with { Action = VtlAction.Trace, Output = OutputForm.Json }));
        JsonElement json = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal("a", json.GetProperty("output").GetString());
        Assert.Equal(("set", 2, "v"), (json.GetProperty("steps")[0].GetProperty("step").GetString(), json.GetProperty("steps")[0].GetProperty("column").GetInt32(), json.GetProperty("steps")[0].GetProperty("value").GetString()));
        Assert.Equal("The text is not JSON.", json.GetProperty("fault").GetProperty("message").GetString());
        Assert.Equal(0, json.GetProperty("overrides").GetArrayLength());
    }

    [Fact]
    public void A_template_that_cannot_be_read_is_an_invalid_configuration()
    {
        Assert.Equal(ExitStatus.InvalidConfiguration, Run("a\n#if($x)"));
        Assert.Equal("t.vtl:2:1: The #if that begins here has no #end.\n", _errors.ToString());
    }

    [Fact]
    public void A_fault_is_told_with_its_place_after_what_was_written()
    {
        Assert.Equal(ExitStatus.Failed, Run("before\n $util.parseJson('{')"));
        Assert.Equal(("before\n ", "t.vtl:2:2: The text is not JSON.\n"), (_output.ToString(), _errors.ToString()));
    }

    [Theory]
    [InlineData("cannot be read", "missing.json", null, null)]
    [InlineData("broken.json cannot be used: it is not JSON: line 1, byte ", null, "broken.json", null)]
    [InlineData("list.json cannot be used: it is not an object", null, "list.json", null)]
    [InlineData("'X=1' is no parameter", null, null, "X=1")]
    public void What_cannot_be_used_is_told(string reason, string? body, string? context, string? parameter)
    {
        _work.Write("broken.json", "{");
        _work.Write("list.json", "[]");
        Assert.Equal(ExitStatus.Failed, Run("x", options => options with { Body = body, Context = context, Param = parameter is null ? [] : [parameter] }));
        Assert.Contains(reason, _errors.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    private int Run(string template, Func<VtlOptions, VtlOptions>? change = null)
    {
        _work.Write("t.vtl", template);
        var options = new VtlOptions { Action = VtlAction.Render, Template = "t.vtl", WorkingDirectory = _work.Folder };
        return VtlCommand.Run(change is null ? options : change(options), _output, _errors);
    }
}
