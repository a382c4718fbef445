using EdgeProxy.Core.Concurrency;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Ends a read of a streamed result that takes too long (rest-api.md 5.13, <c>timeouts.streamedAnswer</c>).</summary>
internal sealed class AnswerPause : LoopTimer
{
    private FunctionCall? _call;

    /// <summary>Whether the read was ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Begins a pause: a read of that call is about to wait.</summary>
    public void Begin(FunctionCall call, TimerWheel timers, long deadline)
    {
        _call = call;
        IsOver = false;
        timers.Set(this, deadline);
    }

    /// <summary>Ends it: the read has ended, or the request has.</summary>
    public void End(TimerWheel timers)
    {
        _call = null;
        timers.Clear(this);
    }

    protected override void OnDeadline(long now)
    {
        if (_call is not { } call) return;
        IsOver = true;
        call.CancelRead();
    }
}
