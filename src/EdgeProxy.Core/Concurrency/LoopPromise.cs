using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace EdgeProxy.Core.Concurrency;

/// <summary>What a <see cref="LoopTask"/> waits for: completed once for each use, awaited by at most one continuation.</summary>
/// <remarks>
/// A promise derives from <see cref="LoopContinuation"/> because the promise of an async method is also its resumption. The token
/// tells one use from the next, so that a task kept too long asserts instead of reading another's result.
/// </remarks>
public abstract class LoopPromise : LoopContinuation
{
    private LoopContinuation? _awaiting;
    private ExceptionDispatchInfo? _exception;
    private bool _completed;
    private bool _forgotten;

    /// <summary>The use this promise is in.</summary>
    public uint Token { get; private set; }

    internal bool IsCompleted => _completed;

    internal void Await(LoopContinuation continuation, uint token)
    {
        Debug.Assert(token == Token, "a LoopTask was awaited after its end");
        Debug.Assert(_awaiting is null, "a LoopTask was awaited twice");
        Debug.Assert(LoopScheduler.Current is not null, "a LoopTask was awaited off the loop");
        if (_completed) LoopScheduler.Current!.Enqueue(continuation);
        else _awaiting = continuation;
    }

    internal void Forget(uint token)
    {
        Debug.Assert(token == Token, "a LoopTask was forgotten after its end");
        if (_completed) End();
        else _forgotten = true;
    }

    /// <summary>Ends the wait. The awaiting method runs from the ready queue, never from here.</summary>
    /// <param name="next">
    /// Whether the awaiting method runs before everything else that is ready. An async method that returns does so, so that a chain
    /// of returns runs as one piece and borrowed memory survives it; an event does not.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void Complete(bool next)
    {
        Debug.Assert(!_completed, "a promise was completed twice");
        _completed = true;
        if (_awaiting is { } continuation)
        {
            _awaiting = null;
            if (next) LoopScheduler.Current!.EnqueueFirst(continuation);
            else LoopScheduler.Current!.Enqueue(continuation);
        }
        else if (_forgotten)
        {
            End();
        }
    }

    internal void CompleteWithException(Exception exception)
    {
        _exception = ExceptionDispatchInfo.Capture(exception);
        Complete(next: true);
    }

    /// <summary>Starts the next use: the token moves on and nothing of the last use is left.</summary>
    protected internal void Reset()
    {
        Token++;
        _completed = false;
        _forgotten = false;
        _exception = null;
        _awaiting = null;
    }

    /// <summary>Called when the awaiting side has taken the result: the place to go back to a pool.</summary>
    protected virtual void Recycle()
    {
    }

    internal void Finish()
    {
        if (_exception is not null)
        {
            ExceptionDispatchInfo exception = _exception;
            Reset();
            Recycle();
            exception.Throw();
        }

        Reset();
        Recycle();
    }

    private void End()
    {
        ExceptionDispatchInfo? exception = _exception;
        Reset();
        Recycle();
        if (exception is not null) LoopScheduler.Current!.OnUnhandled(exception.SourceException);
    }
}

/// <summary>A promise with a result.</summary>
public abstract class LoopPromise<T> : LoopPromise
{
    private T _result = default!;

    internal void CompleteWith(T result, bool next = true)
    {
        _result = result;
        Complete(next);
    }

    internal T Take(uint token)
    {
        Debug.Assert(token == Token, "the result of a LoopTask was read twice");
        Debug.Assert(IsCompleted, "the result of a LoopTask was read before its end");
        T result = _result;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) _result = default!;
        Finish();
        return result;
    }
}
