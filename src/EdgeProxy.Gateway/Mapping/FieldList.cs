using System.Text;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Comma-separated lists in field values (RFC 9110, 5.6.1).</summary>
internal static class FieldList
{
    /// <summary>Whether a token is in the list, without case.</summary>
    public static bool Contains(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        while (!list.IsEmpty)
        {
            int comma = list.IndexOf((byte)',');
            ReadOnlySpan<byte> member = (comma < 0 ? list : list[..comma]).Trim(" \t"u8);
            if (Ascii.EqualsIgnoreCase(member, token)) return true;
            list = comma < 0 ? default : list[(comma + 1)..];
        }

        return false;
    }
}
