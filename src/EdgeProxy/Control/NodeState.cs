namespace EdgeProxy.Control;

/// <summary>What the process knows about itself, for health checks. Written by the control thread, read by any.</summary>
internal sealed class NodeState
{
    private volatile bool _listening;
    private volatile bool _draining;
    private long _loadedAt;

    /// <summary>Whether every listener is bound and accepting.</summary>
    public bool IsListening
    {
        get => _listening;
        set => _listening = value;
    }

    /// <summary>Whether the node is about to end.</summary>
    public bool IsDraining
    {
        get => _draining;
        set => _draining = value;
    }

    /// <summary>When the configuration in force was loaded, in milliseconds since 1970; 0 for never.</summary>
    public long LoadedAt
    {
        get => Volatile.Read(ref _loadedAt);
        set => Volatile.Write(ref _loadedAt, value);
    }
}
