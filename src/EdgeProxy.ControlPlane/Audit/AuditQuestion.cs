namespace EdgeProxy.ControlPlane.Audit;

/// <summary>Which records are looked for.</summary>
public sealed class AuditQuestion
{
    /// <summary>Milliseconds since 1970; of this time or later.</summary>
    public long Since { get; init; } = long.MinValue;

    /// <summary>Of an earlier time.</summary>
    public long Until { get; init; } = long.MaxValue;

    /// <summary>The operation's name; empty for any.</summary>
    public string Name { get; init; } = "";

    /// <summary>Who called; empty for anybody.</summary>
    public string User { get; init; } = "";

    /// <summary>Most records of an answer.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Bytes beyond which an answer holds no second record.</summary>
    public int MostBytes { get; init; } = 40 * 1024;

    /// <summary>Where an earlier answer ended.</summary>
    public long Before { get; init; } = long.MaxValue;
}
