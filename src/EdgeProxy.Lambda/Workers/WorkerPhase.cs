namespace EdgeProxy.Lambda.Workers;

/// <summary>What a worker is at.</summary>
internal enum WorkerPhase : byte
{
    /// <summary>Its process starts and has not asked for an event yet.</summary>
    Starting,

    /// <summary>It waits for an event.</summary>
    Idle,

    /// <summary>It has one, or has not come back from it.</summary>
    Busy,

    /// <summary>Its process is being ended.</summary>
    Stopping,

    /// <summary>Its process is gone.</summary>
    Gone,
}
