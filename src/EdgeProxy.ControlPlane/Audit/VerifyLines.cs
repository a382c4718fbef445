using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Audit;

/// <summary>Looks whether lines of an audit file follow each other as they were written: both chains, in one file or several.</summary>
public sealed class VerifyLines
{
    private readonly (long First, long Last, byte[] Hash)[] _chains = new (long, long, byte[])[2];

    /// <summary>Takes the next line; null when it follows, else what is wrong.</summary>
    /// <param name="line">Without its line feed.</param>
    public string? Take(ReadOnlySpan<byte> line)
    {
        if (!WireValue.TryParse(line, out WireValue? record) || record["additionalEventData"] is not { IsObject: true } place || place.NumberOf("sequence") is not { } sequence) return "This is no record of a call.";
        AuditTrailKind trail = place.TextOf("trail") == AuditEntry.NameOf(AuditTrailKind.Changes) ? AuditTrailKind.Changes : AuditTrailKind.Reads;
        (long first, long last, byte[]? hash) = _chains[(int)trail];
        if (hash is not null)
        {
            if (sequence != last + 1) return $"The record {sequence} of {AuditEntry.NameOf(trail)} follows the record {last}: what was between is missing, or moved.";
            if (!line.EndsWith(AuditEntry.EndOf(trail, sequence, hash))) return $"The record {sequence} of {AuditEntry.NameOf(trail)} does not follow the one before it: one of the two was changed.";
        }

        _chains[(int)trail] = (hash is null ? sequence : first, sequence, AuditEntry.HashOf(line));
        return null;
    }

    /// <summary>What was found of a chain: its first and last record, 0 for none, and the hash that it ends with.</summary>
    public (long First, long Last, string Hash) Of(AuditTrailKind trail)
    {
        (long first, long last, byte[]? hash) = _chains[(int)trail];
        return (first, last, hash is null ? "" : Convert.ToHexStringLower(hash));
    }
}
