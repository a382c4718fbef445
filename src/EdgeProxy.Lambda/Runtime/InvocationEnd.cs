namespace EdgeProxy.Lambda.Runtime;

/// <summary>How an invocation ended, as metrics and logs tell it.</summary>
public enum InvocationEnd : byte
{
    Succeeded,

    /// <summary>The function posted an error.</summary>
    Failed,

    /// <summary>The result was larger than allowed.</summary>
    TooLarge,

    /// <summary>The result broke off.</summary>
    Truncated,

    /// <summary>The function's time was over.</summary>
    TimedOut,

    /// <summary>The process ended while it had the event.</summary>
    Exited,

    /// <summary>No process came to be ready for the event.</summary>
    InitFailed,

    /// <summary>No worker was free in time, or too many waited.</summary>
    Throttled,
}
