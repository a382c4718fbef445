namespace EdgeProxy.Lambda.Workers;

/// <summary>Why a worker ended.</summary>
internal enum WorkerEnd : byte
{
    /// <summary>It had nothing to do for long.</summary>
    Idle,

    /// <summary>It said that it could not start, or could not be started.</summary>
    InitFailed,

    /// <summary>It took too long to start.</summary>
    InitTimedOut,

    /// <summary>Its function took too long.</summary>
    TimedOut,

    /// <summary>Its process ended by itself.</summary>
    Exited,

    /// <summary>The function was changed or taken out.</summary>
    Replaced,

    /// <summary>The node stops.</summary>
    NodeStopped,
}
