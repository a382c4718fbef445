namespace EdgeProxy.Lambda.Runtime;

/// <summary>What becomes of a call of the runtime, and the state after it.</summary>
internal readonly record struct RuntimeMove(RuntimeVerdict Verdict, RuntimeState State);
