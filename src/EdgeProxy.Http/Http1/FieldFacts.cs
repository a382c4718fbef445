using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http1;

/// <summary>What the field lines of a head say about its own framing and connection, gathered while they are read.</summary>
internal struct FieldFacts
{
    /// <summary>The declared length, or -1.</summary>
    public long ContentLength;

    public int HostStart;
    public int HostLength;
    public bool HasHost;
    public bool HasChunked;
    public bool SaysClose;
    public bool SaysKeepAlive;
    public bool NamesUpgrade;
    public bool HasUpgrade;
    public bool ExpectsContinue;
    public bool ExpectsOther;

    /// <summary>Whether values hold line ends that are to be blanked in the copy (tolerant modes only).</summary>
    public bool HasFolds;

    public DesyncTier Tier;
    public ViolationCode Reason;

    public void Doubt(DesyncTier tier, ViolationCode reason)
    {
        if (tier <= Tier) return;
        Tier = tier;
        Reason = reason;
    }
}
