using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>The table both ends know (RFC 7541, Appendix A).</summary>
internal static class HpackStaticTable
{
    /// <summary>Entries, 1 to this.</summary>
    public const int Count = 61;

    /// <summary>All names and values; entries point here.</summary>
    public static readonly byte[] Bytes;

    /// <summary>By index; 0 is unused.</summary>
    public static readonly HpackEntry[] Entries;

    static HpackStaticTable()
    {
        string[] fields =
        [
            ":authority", ":method=GET", ":method=POST", ":path=/", ":path=/index.html", ":scheme=http", ":scheme=https",
            ":status=200", ":status=204", ":status=206", ":status=304", ":status=400", ":status=404", ":status=500",
            "accept-charset", "accept-encoding=gzip, deflate", "accept-language", "accept-ranges", "accept",
            "access-control-allow-origin", "age", "allow", "authorization", "cache-control", "content-disposition",
            "content-encoding", "content-language", "content-length", "content-location", "content-range", "content-type",
            "cookie", "date", "etag", "expect", "expires", "from", "host", "if-match", "if-modified-since", "if-none-match",
            "if-range", "if-unmodified-since", "last-modified", "link", "location", "max-forwards", "proxy-authenticate",
            "proxy-authorization", "range", "referer", "refresh", "retry-after", "server", "set-cookie",
            "strict-transport-security", "transfer-encoding", "user-agent", "vary", "via", "www-authenticate",
        ];

        Entries = new HpackEntry[Count + 1];
        var bytes = new List<byte>();
        for (int i = 0; i < fields.Length; i++)
        {
            string[] parts = fields[i].Split('=');
            byte[] name = System.Text.Encoding.ASCII.GetBytes(parts[0]);
            byte[] value = parts.Length == 1 ? [] : System.Text.Encoding.ASCII.GetBytes(parts[1]);
            Entries[i + 1] = new HpackEntry
            {
                Start = bytes.Count,
                NameLength = name.Length,
                ValueLength = value.Length,
                Known = KnownHeaders.Find(name),
                Pseudo = PseudoNames.Find(name),
            };
            bytes.AddRange(name);
            bytes.AddRange(value);
        }

        Bytes = [.. bytes];
    }

    public static ReadOnlySpan<byte> NameOf(int index) => Bytes.AsSpan(Entries[index].Start, Entries[index].NameLength);

    public static ReadOnlySpan<byte> ValueOf(int index) => Bytes.AsSpan(Entries[index].Start + Entries[index].NameLength, Entries[index].ValueLength);

    /// <summary>The first entry with this name in lower case, or 0.</summary>
    /// <remarks>For names that are no <see cref="KnownHeader"/>; those have their index in a table of <see cref="HpackNames"/>.</remarks>
    public static int IndexOfName(ReadOnlySpan<byte> name)
    {
        int index = name.Length switch
        {
            4 => name[0] switch { (byte)'e' => 34, (byte)'f' => 37, (byte)'l' => 45, _ => 59 },
            5 => 22,
            7 => name[0] == 'e' ? 36 : 52,
            8 => name[0] switch { (byte)'i' => name[3] == 'm' ? 39 : 42, _ => 46 },
            11 => 53,
            13 => name[0] switch { (byte)'a' => 18, (byte)'i' => 41, (byte)'l' => 44, _ => 30 },
            15 => 17,
            16 => name[9] == 'a' ? 27 : 29,
            17 => 40,
            19 => name[0] == 'c' ? 25 : 43,
            25 => 56,
            27 => 20,
            _ => 0,
        };
        return index != 0 && name.SequenceEqual(NameOf(index)) ? index : 0;
    }
}
