using System.Diagnostics;

namespace EdgeProxy.Core.Concurrency;

/// <summary>A reusable wait for one result, owned by the object that completes it (a connection, a timer).</summary>
/// <remarks>Loop thread only. At most one wait is open at a time.</remarks>
public sealed class LoopSignal<T> : LoopPromise<T>
{
    private bool _waiting;

    /// <summary>Whether somebody waits.</summary>
    public bool IsWaiting => _waiting;

    /// <summary>Opens a wait that <see cref="Set"/> will end.</summary>
    public LoopTask<T> WaitAsync()
    {
        Debug.Assert(!_waiting, "a second wait was opened on one signal");
        _waiting = true;
        return new LoopTask<T>(this, Token);
    }

    /// <summary>Ends the open wait with a result; without one, does nothing and answers false.</summary>
    public bool Set(T result)
    {
        if (!_waiting) return false;
        _waiting = false;
        CompleteWith(result, next: false);
        return true;
    }

    /// <summary>A signal is a leaf: nothing resumes it.</summary>
    public override void Run() => throw new InvalidOperationException("A signal cannot be run.");
}
