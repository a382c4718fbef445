using System.Buffers.Binary;

namespace EdgeProxy.Identity.SigV4;

/// <summary>Signatures that were accepted and are still valid, so that none is taken a second time. One thread.</summary>
/// <remarks>Only what is signed rightly is remembered, so strangers cannot fill it. Beyond the bound the oldest is forgotten.</remarks>
public sealed class UsedSignatures
{
    // By a part of the signature that is as good as all of it: 128 bits.
    private readonly HashSet<UInt128> _known = [];
    private readonly Queue<(UInt128 Signature, DateTimeOffset End)> _order = new();

    /// <summary>How many are remembered.</summary>
    public int Count => _known.Count;

    /// <summary>Remembers a signature; false when it was used before.</summary>
    /// <param name="pending">The signature, found good.</param>
    /// <param name="most">The bound.</param>
    /// <param name="now">The time.</param>
    /// <param name="isFull">Whether one that could still be used again had to be forgotten for it.</param>
    public bool TryUse(PendingSignature pending, int most, DateTimeOffset now, out bool isFull)
    {
        isFull = false;
        (SignatureClaim claim, _, SignatureRules rules) = pending;
        UInt128 signature = BinaryPrimitives.ReadUInt128BigEndian(claim.Signature);
        if (_known.Contains(signature)) return false;

        // In the order of their use: one behind a presigned one, which is good for longer, stays until that one goes.
        while (_order.TryPeek(out (UInt128 Signature, DateTimeOffset End) oldest) && (oldest.End < now || _order.Count >= most))
        {
            isFull |= oldest.End >= now;
            _order.Dequeue();
            _known.Remove(oldest.Signature);
        }

        _known.Add(signature);
        _order.Enqueue((signature, claim.Moment + (claim.Lifetime ?? rules.Skew)));
        return true;
    }
}
