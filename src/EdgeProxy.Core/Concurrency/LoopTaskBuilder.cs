using System.Runtime.CompilerServices;

namespace EdgeProxy.Core.Concurrency;

/// <summary>Builds <see cref="LoopTask"/> methods; the compiler calls it, nobody else.</summary>
public struct LoopTaskBuilder
{
    private LoopPromise<Nothing>? _promise;

    public static LoopTaskBuilder Create() => default;

    public readonly LoopTask Task => _promise is null ? default : new LoopTask(_promise, _promise.Token);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public readonly void SetResult() => _promise?.CompleteWith(default);

    public void SetException(Exception exception) => LoopBox.Fail(ref _promise, exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => LoopBox.Await(ref _promise, ref awaiter, ref stateMachine);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => LoopBox.Await(ref _promise, ref awaiter, ref stateMachine);
}

/// <summary>Builds <see cref="LoopTask{T}"/> methods; the compiler calls it, nobody else.</summary>
public struct LoopTaskBuilder<T>
{
    private LoopPromise<T>? _promise;
    private T _result;

    public static LoopTaskBuilder<T> Create() => default;

    public readonly LoopTask<T> Task => _promise is null ? new LoopTask<T>(_result) : new LoopTask<T>(_promise, _promise.Token);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    public void SetResult(T result)
    {
        if (_promise is null) _result = result;
        else _promise.CompleteWith(result);
    }

    public void SetException(Exception exception) => LoopBox.Fail(ref _promise, exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => LoopBox.Await(ref _promise, ref awaiter, ref stateMachine);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => LoopBox.Await(ref _promise, ref awaiter, ref stateMachine);
}
