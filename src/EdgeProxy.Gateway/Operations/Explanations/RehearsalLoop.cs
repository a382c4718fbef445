using System.Diagnostics;
using System.Runtime.ExceptionServices;
using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Clock, buffers and turns for walks that wait for nobody but the next turn. Run by hand, on the thread of whoever asks.</summary>
internal sealed class RehearsalLoop : EventLoop
{
    public RehearsalLoop()
        : base(ordinal: 0, now: 0, mailboxCapacity: 2)
    {
    }

    /// <summary>Reads the clock and takes a turn: what was put off runs.</summary>
    /// <returns>Whether there was anything to run.</returns>
    public bool TakeTurn()
    {
        bool hasWork = HasNextTurn || HasReady;
        BeginTurn((long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency)));
        RunReady();
        EndTurn();
        return hasWork;
    }

    public override void OnUnhandled(Exception exception) => ExceptionDispatchInfo.Throw(exception);

    protected override void Wake() => throw new InvalidOperationException("Nobody else runs a rehearsal's loop.");
}
