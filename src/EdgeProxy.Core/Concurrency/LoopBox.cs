using System.Runtime.CompilerServices;

namespace EdgeProxy.Core.Concurrency;

/// <summary>What both builders share.</summary>
internal static class LoopBox
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Await<T, TAwaiter, TStateMachine>(
        ref LoopPromise<T>? promise, ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        if (promise is not LoopBox<T, TStateMachine> box)
        {
            // The builder lives inside the state machine: it must know its box before the machine is copied into it.
            box = LoopBox<T, TStateMachine>.Rent();
            promise = box;
            box.StateMachine = stateMachine;
        }

        if (default(TAwaiter) is not null && awaiter is ILoopAwaiter)
        {
            // A constrained call on a struct type parameter: no boxing.
            ((ILoopAwaiter)awaiter).OnCompleted(box);
        }
        else
        {
            throw new NotSupportedException($"A loop method cannot await {typeof(TAwaiter)}; bring it to the loop with OffloadAsync.");
        }
    }

    public static void Fail<T>(ref LoopPromise<T>? promise, Exception exception)
    {
        promise ??= new FailedPromise<T>();
        promise.CompleteWithException(exception);
    }

    private sealed class FailedPromise<T> : LoopPromise<T>
    {
        public override void Run() => throw new InvalidOperationException("A failed promise cannot be run.");
    }
}

/// <summary>The suspended state of one async method, kept for reuse by the thread it ran on.</summary>
internal sealed class LoopBox<T, TStateMachine> : LoopPromise<T>
    where TStateMachine : IAsyncStateMachine
{
    [ThreadStatic]
    private static LoopBox<T, TStateMachine>? t_free;

    public TStateMachine StateMachine = default!;
    private LoopBox<T, TStateMachine>? _nextFree;

    public static LoopBox<T, TStateMachine> Rent()
    {
        LoopBox<T, TStateMachine>? box = t_free;
        if (box is null) return new LoopBox<T, TStateMachine>();
        t_free = box._nextFree;
        box._nextFree = null;
        return box;
    }

    public override void Run() => StateMachine.MoveNext();

    protected override void Recycle()
    {
        // The machine may hold the last references to leased memory.
        StateMachine = default!;
        _nextFree = t_free;
        t_free = this;
    }
}
