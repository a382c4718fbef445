using System.Runtime.CompilerServices;

namespace EdgeProxy.Core.Concurrency;

/// <summary>An awaiter that can resume a <see cref="LoopContinuation"/> without a delegate.</summary>
internal interface ILoopAwaiter : ICriticalNotifyCompletion
{
    void OnCompleted(LoopContinuation continuation);
}
