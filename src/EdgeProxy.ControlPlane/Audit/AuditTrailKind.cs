namespace EdgeProxy.ControlPlane.Audit;

/// <summary>The two chains of records, so that no number of reads pushes out what was changed. Their numbers lie in stores.</summary>
public enum AuditTrailKind
{
    /// <summary>Calls that were done and may have changed something.</summary>
    Changes = 0,

    /// <summary>Calls that only read, and calls that were refused.</summary>
    Reads = 1,
}
