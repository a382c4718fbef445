namespace EdgeProxy.Lambda.Invocation;

/// <summary>How an invocation came out, as far as its caller has to tell outcomes apart (specification lambda.md 7, 11, 14).</summary>
public enum FunctionOutcome : byte
{
    /// <summary>The function answered; <see cref="FunctionCall.ReadBodyAsync"/> yields its result. Of an invocation of type Event: it was accepted.</summary>
    Ok,

    /// <summary>The function, or its runtime, failed; the body is the error document.</summary>
    FunctionError,

    /// <summary>No configured target takes the function's name, or the service does not know it.</summary>
    NotFound,

    /// <summary>The service refused the caller: no permission, or a signature that it does not accept.</summary>
    AccessDenied,

    /// <summary>All workers are busy and the queue is full, or the service said 429.</summary>
    Throttled,

    /// <summary>The service refused the event (its own 400, such as one that is no JSON); the body is its error document.</summary>
    BadEvent,

    /// <summary>The event is larger than a function takes (6 MB).</summary>
    EventTooLarge,

    /// <summary>No connection to the function's target, or it broke.</summary>
    ConnectFailed,

    /// <summary>The TLS handshake with the target failed.</summary>
    TlsFailed,

    /// <summary>The target's bytes were not what its protocol says.</summary>
    Malformed,

    /// <summary>The call's own deadline passed, whatever the function still does.</summary>
    TimedOut,

    /// <summary>The service failed (5xx), or no credentials could be had for it.</summary>
    ServiceFailed,

    /// <summary>The call was given up: the client is gone, or the node stops.</summary>
    Aborted,
}
