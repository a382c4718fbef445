namespace EdgeProxy.Lambda.Workers;

/// <summary>What a worker has of the system: the listener of its Runtime API and its process. On the worker's loop.</summary>
internal interface IWorkerSeat
{
    /// <summary>Connections that the process has to the Runtime API.</summary>
    int OpenConnections { get; }

    /// <summary>The last that the process wrote.</summary>
    LogTail Tail { get; }

    /// <summary>Asks the process to end (SIGTERM).</summary>
    void Terminate();

    /// <summary>Ends the process and what it has started (SIGKILL).</summary>
    void Kill();

    /// <summary>Closes listener and connections: the process is gone.</summary>
    void Close();

    /// <summary>Says which request the process' output belongs to from now on.</summary>
    void Tag(ReadOnlySpan<byte> requestId);
}
