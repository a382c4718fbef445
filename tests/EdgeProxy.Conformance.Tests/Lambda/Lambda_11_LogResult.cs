using System.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>Specification lambda.md 11 and 16: what <c>X-Amz-Log-Result</c> is made of, for functions of the node's own.</summary>
public sealed class Lambda_11_LogResult : IDisposable
{
    private readonly RuntimeStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData(10, 10)]
    [InlineData(4096, 4096)]
    [InlineData(10_000, 4096)]
    public void The_last_4_KB_of_the_invocation_are_kept_and_none_of_those_before(int written, int kept)
    {
        RuntimeProcess process = _stage.Ready();
        process.Write("started\n");
        Assert.Equal("one", Invoke(process, "one"));
        Assert.Equal("", Invoke(process, ""));
        string text = new string('x', written - 3) + "end";
        Assert.Equal(text[^kept..], Invoke(process, text));
    }

    [Fact]
    public void What_the_process_writes_for_the_next_invocation_is_not_told_to_this_one()
    {
        RuntimeProcess process = _stage.Ready();
        StagedCall first = _stage.Invoke();
        process.Heard();
        process.Write("mine\n");
        process.Respond("1");
        process.Next();
        StagedCall second = _stage.Invoke();
        process.Heard();
        process.Write("yours\n");
        Assert.Equal("mine\n", Encoding.UTF8.GetString(first.Call.LogTail.Span));
        process.Respond("2");
        Assert.Equal("yours\n", Encoding.UTF8.GetString(second.Call.LogTail.Span));
        process.Next();
        _stage.Invoke();
        Assert.True(first.Call.LogTail.IsEmpty);
        first.Finish();
        second.Finish();
    }

    private string Invoke(RuntimeProcess process, string output)
    {
        FunctionName.TryParse("probe", out FunctionName? name);
        FunctionCall call = _stage.Function.Rent(_stage.Loop, name!);
        Assert.True(call.LogTail.IsEmpty);
        call.Event = new BodyChunk("{}"u8.ToArray(), 0, 2);
        var task = call.InvokeAsync();
        _stage.Loop.Run();
        process.Heard();
        process.Write(output);
        process.Respond("1");
        process.Next();
        Assert.Equal(FunctionOutcome.Ok, _stage.Loop.Await(task));
        string log = Encoding.UTF8.GetString(call.LogTail.Span);
        call.Return();
        return log;
    }
}
