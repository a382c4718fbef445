using System.Runtime.CompilerServices;

namespace EdgeProxy.Core.Concurrency;

/// <summary>The end of an async method that runs on one event loop, allocating nothing in steady state.</summary>
/// <remarks>
/// Awaited exactly once, on the loop that started it, or handed to <see cref="Forget"/>. It never leaves its thread, knows no
/// ExecutionContext and no cancellation token: whoever owns the leaf wait ends it with a result that says so.
/// </remarks>
[AsyncMethodBuilder(typeof(LoopTaskBuilder))]
public readonly struct LoopTask
{
    private readonly LoopPromise<Nothing>? _promise;
    private readonly uint _token;

    internal LoopTask(LoopPromise<Nothing> promise, uint token)
    {
        _promise = promise;
        _token = token;
    }

    /// <summary>A task that has ended.</summary>
    public static LoopTask Completed => default;

    /// <summary>Whether the result is there without waiting.</summary>
    public bool IsCompleted => _promise is null || _promise.IsCompleted;

    /// <summary>Lets the task run to its end on its own; an exception goes to the loop.</summary>
    public void Forget() => _promise?.Forget(_token);

    public Awaiter GetAwaiter() => new(this);

    public readonly struct Awaiter : ILoopAwaiter
    {
        private readonly LoopTask _task;

        internal Awaiter(LoopTask task) => _task = task;

        public bool IsCompleted => _task.IsCompleted;

        public void GetResult() => _task._promise?.Take(_task._token);

        void ILoopAwaiter.OnCompleted(LoopContinuation continuation) => _task._promise!.Await(continuation, _task._token);

        public void OnCompleted(Action continuation) => throw new NotSupportedException("A LoopTask is awaited by a LoopTask method only.");

        public void UnsafeOnCompleted(Action continuation) => OnCompleted(continuation);
    }
}

/// <summary>As <see cref="LoopTask"/>, with a result.</summary>
[AsyncMethodBuilder(typeof(LoopTaskBuilder<>))]
public readonly struct LoopTask<T>
{
    private readonly LoopPromise<T>? _promise;
    private readonly T _result;
    private readonly uint _token;

    /// <summary>A task that has ended with this result.</summary>
    public LoopTask(T result)
    {
        _promise = null;
        _token = 0;
        _result = result;
    }

    internal LoopTask(LoopPromise<T> promise, uint token)
    {
        _promise = promise;
        _token = token;
        _result = default!;
    }

    /// <summary>Whether the result is there without waiting.</summary>
    public bool IsCompleted => _promise is null || _promise.IsCompleted;

    /// <summary>Lets the task run to its end on its own; an exception goes to the loop.</summary>
    public void Forget() => _promise?.Forget(_token);

    public Awaiter GetAwaiter() => new(this);

    public static implicit operator LoopTask<T>(T result) => new(result);

    public readonly struct Awaiter : ILoopAwaiter
    {
        private readonly LoopTask<T> _task;

        internal Awaiter(LoopTask<T> task) => _task = task;

        public bool IsCompleted => _task.IsCompleted;

        public T GetResult() => _task._promise is null ? _task._result : _task._promise.Take(_task._token);

        void ILoopAwaiter.OnCompleted(LoopContinuation continuation) => _task._promise!.Await(continuation, _task._token);

        public void OnCompleted(Action continuation) => throw new NotSupportedException("A LoopTask is awaited by a LoopTask method only.");

        public void UnsafeOnCompleted(Action continuation) => OnCompleted(continuation);
    }
}
