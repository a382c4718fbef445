namespace EdgeProxy.Gateway.Upstreams;

/// <summary>Who may be chosen among a group's targets, worked out once for as long as nothing changes.</summary>
/// <param name="version">The upstream's when this was begun.</param>
/// <param name="validUntil">When the next target's time is over; <see cref="long.MaxValue"/> for none's.</param>
/// <param name="usable">Indices of those that may be chosen; never empty.</param>
/// <param name="round">A round of turns; empty where the load decides.</param>
/// <param name="isPanic">Whether those that are left out were taken in again, because too few were left.</param>
internal sealed class TargetTable(int version, long validUntil, byte[] usable, byte[] round, bool isPanic)
{
    public int Version => version;

    public long ValidUntil => validUntil;

    public byte[] Usable => usable;

    public byte[] Round => round;

    public bool IsPanic => isPanic;
}
