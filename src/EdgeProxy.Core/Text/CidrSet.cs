using System.Globalization;

namespace EdgeProxy.Core.Text;

/// <summary>A set of address ranges, as in <c>trustedProxies</c>.</summary>
public sealed class CidrSet
{
    private readonly (IpAddress Base, ulong MaskHigh, ulong MaskLow)[] _ranges;

    private CidrSet((IpAddress, ulong, ulong)[] ranges) => _ranges = ranges;

    public static CidrSet Empty { get; } = new([]);

    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>Reads ranges such as <c>10.0.0.0/8</c>, <c>fd00::/8</c> or single addresses; false names the first that is none.</summary>
    public static bool TryParse(IReadOnlyList<string> texts, out CidrSet set, out string? wrong)
    {
        var ranges = new (IpAddress, ulong, ulong)[texts.Count];
        set = Empty;
        for (int i = 0; i < texts.Count; i++)
        {
            wrong = texts[i];
            ReadOnlySpan<char> text = texts[i].AsSpan().Trim();
            int slash = text.IndexOf('/');
            if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out IpAddress address)) return false;
            int bits = 128;
            if (slash >= 0)
            {
                if (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out bits)) return false;
                if (bits > (address.IsV4 ? 32 : 128)) return false;
                if (address.IsV4) bits += 96;
            }

            ulong high = bits >= 64 ? ulong.MaxValue : bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
            ulong low = bits <= 64 ? 0 : ulong.MaxValue << (128 - bits);
            ranges[i] = (new IpAddress(address.High & high, address.Low & low), high, low);
        }

        wrong = null;
        set = new CidrSet(ranges);
        return true;
    }

    public bool Contains(IpAddress address)
    {
        foreach ((IpAddress start, ulong high, ulong low) in _ranges)
        {
            if ((address.High & high) == start.High && (address.Low & low) == start.Low) return true;
        }

        return false;
    }
}
