namespace EdgeProxy.Control;

/// <summary>What a running node is asked to do from outside.</summary>
internal enum ControlEvent
{
    /// <summary>Nothing came in the time given.</summary>
    None,

    /// <summary>Drain and end (SIGTERM, SIGINT); a second one ends at once.</summary>
    Stop,

    /// <summary>Read the configuration again (SIGHUP).</summary>
    Reload,

    /// <summary>A watched file changed.</summary>
    FileChanged,

    /// <summary>Open log files again (SIGUSR1).</summary>
    ReopenLogs,

    /// <summary>Change the key of session tickets; its time is over.</summary>
    RotateTickets,

    /// <summary>Look at how long certificates last; a day is over.</summary>
    CheckCertificates,
}
