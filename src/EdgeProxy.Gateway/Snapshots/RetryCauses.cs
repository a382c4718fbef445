namespace EdgeProxy.Gateway.Snapshots;

/// <summary>For what failures of a call another attempt may be made.</summary>
[Flags]
internal enum RetryCauses : byte
{
    None = 0,

    /// <summary>No connection: nothing was sent, so that any request may be tried again.</summary>
    Connect = 1,

    /// <summary>The connection broke before the answer began.</summary>
    Reset = 2,

    /// <summary>The attempt's own time was over.</summary>
    Timeout = 4,

    /// <summary>An answer with one of the statuses named.</summary>
    Status = 8,
}
