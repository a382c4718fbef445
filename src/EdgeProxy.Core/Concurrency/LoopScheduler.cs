using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace EdgeProxy.Core.Concurrency;

/// <summary>The part of an event loop that <see cref="LoopTask"/> needs: a ready queue and the loop's clock.</summary>
/// <remarks>
/// One per loop thread, found through <see cref="Current"/>. A completion puts its continuation here and it runs before the next
/// poll; nothing ever runs inside the completer, so completions cannot recurse.
/// </remarks>
public abstract class LoopScheduler
{
    [ThreadStatic]
    private static LoopScheduler? t_current;

    private LoopContinuation? _readyHead;
    private LoopContinuation? _readyTail;

    /// <summary>The scheduler of the loop that runs on this thread, or null off the loops.</summary>
    public static LoopScheduler? Current => t_current;

    /// <summary>Monotonic nanoseconds, read once a loop turn.</summary>
    public long Now { get; protected set; }

    /// <summary>Whether anything waits to run in this turn.</summary>
    public bool HasReady => _readyHead is not null;

    /// <summary>Whether the calling thread is this loop's own.</summary>
    public bool IsOnLoop => ReferenceEquals(t_current, this);

    /// <summary>Puts a continuation behind the others that run before the next poll. Loop thread only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enqueue(LoopContinuation continuation)
    {
        Debug.Assert(IsOnLoop, "a continuation was scheduled from another thread than the loop's");
        continuation.NextReady = null;
        if (_readyTail is null) _readyHead = continuation;
        else _readyTail.NextReady = continuation;
        _readyTail = continuation;
    }

    /// <summary>Puts a continuation before the others that run before the next poll. Loop thread only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EnqueueFirst(LoopContinuation continuation)
    {
        Debug.Assert(IsOnLoop, "a continuation was scheduled from another thread than the loop's");
        continuation.NextReady = _readyHead;
        _readyHead = continuation;
        _readyTail ??= continuation;
    }

    /// <summary>Runs what is ready, and what that makes ready, until nothing is left.</summary>
    public void RunReady()
    {
        while (_readyHead is { } continuation)
        {
            _readyHead = continuation.NextReady;
            if (_readyHead is null) _readyTail = null;
            continuation.NextReady = null;
            try
            {
                continuation.Run();
            }
            catch (Exception exception)
            {
                OnUnhandled(exception);
            }
        }
    }

    /// <summary>Called with an exception that no awaiting method took: a bug. Must not throw.</summary>
    public abstract void OnUnhandled(Exception exception);

    /// <summary>Makes this the scheduler of the calling thread, for as long as the loop runs there.</summary>
    public void EnterThread() => t_current = this;

    /// <summary>Ends <see cref="EnterThread"/>.</summary>
    public static void LeaveThread() => t_current = null;
}
