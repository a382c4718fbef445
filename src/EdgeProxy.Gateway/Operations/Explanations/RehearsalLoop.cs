using System.Diagnostics;
using System.Runtime.ExceptionServices;
using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Clock and buffers for walks that never wait. No thread runs it, so nothing may be posted to it.</summary>
internal sealed class RehearsalLoop : EventLoop
{
    public RehearsalLoop()
        : base(ordinal: 0, now: 0, mailboxCapacity: 2)
    {
    }

    /// <summary>Reads the clock.</summary>
    public void Tick() => BeginTurn((long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency)));

    public override void OnUnhandled(Exception exception) => ExceptionDispatchInfo.Throw(exception);

    protected override void Wake() => throw new InvalidOperationException("Nobody runs a rehearsal's loop.");
}
