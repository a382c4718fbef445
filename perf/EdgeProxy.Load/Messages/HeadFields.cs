using System.Buffers.Text;
using System.Text;

namespace EdgeProxy.Load.Messages;

/// <summary>The fields of a message head that decide where the message ends and whether the connection goes on.</summary>
internal struct HeadFields
{
    /// <summary>The declared length, or -1.</summary>
    public long ContentLength;

    /// <summary>Whether the last transfer coding is chunked.</summary>
    public bool Chunked;

    /// <summary><c>Connection: close</c>.</summary>
    public bool Close;

    /// <summary><c>Connection: keep-alive</c>.</summary>
    public bool KeepAlive;

    /// <summary><c>Expect: 100-continue</c>.</summary>
    public bool ExpectsContinue;

    /// <summary>Reads field lines, each ended by CR LF; false when one of them is not well-formed or contradicts another.</summary>
    public static bool TryRead(ReadOnlySpan<byte> lines, out HeadFields fields)
    {
        fields = new HeadFields { ContentLength = -1 };
        while (!lines.IsEmpty)
        {
            int end = lines.IndexOf("\r\n"u8);
            if (end < 0) return false;

            ReadOnlySpan<byte> line = lines[..end];
            lines = lines[(end + 2)..];
            int colon = line.IndexOf((byte)':');
            if (colon <= 0) return false;
            if (!fields.TryTake(line[..colon], line[(colon + 1)..])) return false;
        }

        return !(fields.Chunked && fields.ContentLength >= 0);
    }

    private bool TryTake(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // The lengths alone rule out nearly every field.
        switch (name.Length)
        {
            case 6 when Ascii.EqualsIgnoreCase(name, "expect"u8):
                ExpectsContinue = Ascii.EqualsIgnoreCase(Trim(value), "100-continue"u8);
                return true;

            case 10 when Ascii.EqualsIgnoreCase(name, "connection"u8):
                Close |= Ascii.EqualsIgnoreCase(Trim(value), "close"u8);
                KeepAlive |= Ascii.EqualsIgnoreCase(Trim(value), "keep-alive"u8);
                return true;

            case 14 when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                value = Trim(value);
                if (!Utf8Parser.TryParse(value, out long length, out int used) || used != value.Length || length < 0) return false;
                if (!char.IsAsciiDigit((char)value[0]) || (ContentLength >= 0 && ContentLength != length)) return false;
                ContentLength = length;
                return true;

            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                Chunked = Ascii.EqualsIgnoreCase(Trim(value), "chunked"u8);
                return Chunked; // no other coding is spoken here

            default:
                return true;
        }
    }

    /// <summary>Without optional white space at either end.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);
}
