using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.TestKit;

/// <summary>An invocation on a <see cref="RuntimeStage"/>.</summary>
public sealed class StagedCall
{
    private readonly RuntimeStage _stage;

    internal StagedCall(RuntimeStage stage, FunctionCall call)
    {
        _stage = stage;
        Call = call;
        RunAsync().Forget();
    }

    public FunctionCall Call { get; }

    /// <summary>Null as long as it waits.</summary>
    public FunctionOutcome? Outcome { get; private set; }

    /// <summary>The id that the function saw.</summary>
    public string RequestId => Encoding.ASCII.GetString(Call.FunctionRequestId);

    /// <summary>One read of the result.</summary>
    public (BodyStatus Status, string Text) Read()
    {
        BodyRead read = _stage.Loop.Await(Call.ReadBodyAsync());
        return (read.Status, Encoding.UTF8.GetString(read.Chunk.Span));
    }

    /// <summary>The outcome and the whole result; the call goes back.</summary>
    public (FunctionOutcome Outcome, string Body) Finish()
    {
        _stage.Loop.Run();
        if (Outcome is not { } outcome) throw new InvalidOperationException("The invocation still waits.");
        var body = new StringBuilder();
        while (true)
        {
            (BodyStatus status, string text) = Read();
            body.Append(text);
            if (status == BodyStatus.Data) continue;
            if (status != BodyStatus.End) body.Append('<').Append(status).Append('>');
            Call.Return();
            _stage.Loop.Run();
            return (outcome, body.ToString());
        }
    }

    private async LoopTask RunAsync() => Outcome = await Call.InvokeAsync();
}
