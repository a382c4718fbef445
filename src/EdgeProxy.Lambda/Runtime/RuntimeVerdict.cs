namespace EdgeProxy.Lambda.Runtime;

/// <summary>What becomes of a call of the runtime.</summary>
internal enum RuntimeVerdict : byte
{
    Allowed,

    /// <summary>It is given the event that it has already.</summary>
    SameEvent,

    /// <summary>400: no invocation runs that could have the id.</summary>
    NoInvocation,

    /// <summary>403: not in this state.</summary>
    Forbidden,
}
