using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>An invocation of nothing: it keeps the event, and answers what was given.</summary>
internal sealed class StandInFunctionCall(FunctionName function, ExplainAnswer? answer) : FunctionCall
{
    private bool _isRead;

    public FunctionName Function => function;

    /// <summary>Whether it was invoked.</summary>
    public bool WasSent { get; private set; }

    /// <summary>Whether an answer was given for it.</summary>
    public bool IsAnswered => answer is not null;

    /// <summary>The event as far as it is told, and how many bytes it has.</summary>
    public byte[] SentEvent { get; private set; } = [];

    public long SentBytes { get; private set; }

    // A function that nobody ran saw no id.
    public override ReadOnlySpan<byte> FunctionRequestId => default;

    public override LoopTask<FunctionOutcome> InvokeAsync()
    {
        WasSent = true;
        SentBytes = Event.Length;
        SentEvent = Event.Span[..Math.Min(Event.Length, ExplainLimits.ShownBody)].ToArray();
        if (answer is null) return FunctionOutcome.Aborted;
        Status = Type switch { InvocationType.Event => 202, InvocationType.DryRun => 204, _ => answer.Status };
        if (answer.IsFunctionError) return FunctionOutcome.FunctionError;
        return answer.Status switch
        {
            404 => FunctionOutcome.NotFound,
            403 => FunctionOutcome.AccessDenied,
            413 => FunctionOutcome.EventTooLarge,
            429 => FunctionOutcome.Throttled,
            >= 500 => FunctionOutcome.ServiceFailed,
            >= 400 => FunctionOutcome.BadEvent,
            _ => FunctionOutcome.Ok,
        };
    }

    public override LoopTask<BodyRead> ReadBodyAsync()
    {
        if (_isRead || answer is null || Type != InvocationType.RequestResponse) return BodyRead.Of(BodyStatus.End);
        _isRead = true;
        return new BodyRead(BodyStatus.End, new BodyChunk(answer.Body, 0, answer.Body.Length));
    }

    public override void CancelRead()
    {
    }

    public override void Abort()
    {
    }

    public override void Return()
    {
    }
}
