namespace EdgeProxy.Lambda.Runtime;

/// <summary>What a runtime process is at, as its calls have said (specification lambda.md 3.4).</summary>
internal enum RuntimeState : byte
{
    /// <summary>The process runs and has called nothing yet.</summary>
    Started,

    /// <summary>It waits for an event.</summary>
    Ready,

    /// <summary>It has an event.</summary>
    Running,

    /// <summary>It sends its result.</summary>
    InvocationResponse,

    /// <summary>It sends an error.</summary>
    InvocationErrorResponse,

    /// <summary>Its result was taken; it has not asked for the next event yet.</summary>
    ResponseSent,

    /// <summary>It has said that it could not start.</summary>
    InitError,
}
