namespace EdgeProxy.Lambda.Runtime;

/// <summary>What moves a <see cref="RuntimeState"/>: the runtime's calls, and what is done for it here.</summary>
internal enum RuntimeEvent : byte
{
    /// <summary>The runtime asks for an event.</summary>
    Next,

    /// <summary>The runtime begins a result, with the id of the running invocation.</summary>
    Response,

    /// <summary>The runtime begins an error, with the id of the running invocation.</summary>
    Error,

    /// <summary>The runtime says that it could not start.</summary>
    InitError,

    /// <summary>An event was given to it.</summary>
    Given,

    /// <summary>Its result or error is here, or will never be.</summary>
    Taken,

    /// <summary>The runtime has the next event already: it came with the one before.</summary>
    Follows,
}
