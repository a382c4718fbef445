using System.Buffers;
using EdgeProxy.Core.Buffers;

namespace EdgeProxy.Http.Messages;

/// <summary>Percent-coding of URI parts and forms (RFC 3986, 2; the URL standard's form coding).</summary>
public static class PercentCoding
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private static readonly SearchValues<byte> UnreservedBytes = Bytes(Unreserved);
    private static readonly SearchValues<byte> SegmentBytes = Bytes(Unreserved + "!$&'()*+,;=:@");
    private static readonly SearchValues<byte> PathBytes = Bytes(Unreserved + "!$&'()*+,;=:@/");
    private static readonly SearchValues<byte> FormBytes = Bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._*");

    /// <summary>Decodes <c>%XX</c>. A percent sign without two hexadecimal digits stays as it is.</summary>
    /// <param name="destination">At least as long as the source; may be the same memory.</param>
    /// <returns>Bytes written.</returns>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination) => Decode(source, destination, form: false);

    /// <summary>Decodes <c>%XX</c>, and <c>+</c> to a space, as in query strings and forms.</summary>
    /// <inheritdoc cref="Decode(ReadOnlySpan{byte}, Span{byte})"/>
    public static int DecodeForm(ReadOnlySpan<byte> source, Span<byte> destination) => Decode(source, destination, form: true);

    /// <summary>Whether decoding would change nothing, so that the caller can use the bytes where they are.</summary>
    public static bool IsPlainForm(ReadOnlySpan<byte> source) => source.IndexOfAny((byte)'%', (byte)'+') < 0;

    /// <summary>Encodes data as one path segment; a slash becomes <c>%2F</c>.</summary>
    public static void EncodeSegment(ReadOnlySpan<byte> source, ref ByteWriter writer) => Encode(source, SegmentBytes, plusForSpace: false, ref writer);

    /// <summary>Encodes data as a path; slashes stay.</summary>
    public static void EncodePath(ReadOnlySpan<byte> source, ref ByteWriter writer) => Encode(source, PathBytes, plusForSpace: false, ref writer);

    /// <summary>Encodes a query name or value with unreserved bytes alone left plain, as SigV4 and most servers want it; a space becomes <c>%20</c>.</summary>
    public static void EncodeQuery(ReadOnlySpan<byte> source, ref ByteWriter writer) => Encode(source, UnreservedBytes, plusForSpace: false, ref writer);

    /// <summary>Encodes a form name or value; a space becomes <c>+</c>.</summary>
    public static void EncodeForm(ReadOnlySpan<byte> source, ref ByteWriter writer) => Encode(source, FormBytes, plusForSpace: true, ref writer);

    /// <summary>The value of a hexadecimal digit, which the byte must be.</summary>
    internal static int HexValue(byte digit) => (digit & 0xF) + ((digit >> 6) * 9);

    private static int Decode(ReadOnlySpan<byte> source, Span<byte> destination, bool form)
    {
        int written = 0;
        while (true)
        {
            int special = form ? source.IndexOfAny((byte)'%', (byte)'+') : source.IndexOf((byte)'%');
            ReadOnlySpan<byte> plain = special < 0 ? source : source[..special];
            plain.CopyTo(destination[written..]);
            written += plain.Length;
            if (special < 0) return written;

            source = source[special..];
            if (source[0] == (byte)'+')
            {
                destination[written++] = (byte)' ';
                source = source[1..];
            }
            else if (source.Length > 2 && char.IsAsciiHexDigit((char)source[1]) && char.IsAsciiHexDigit((char)source[2]))
            {
                destination[written++] = (byte)((HexValue(source[1]) << 4) | HexValue(source[2]));
                source = source[3..];
            }
            else
            {
                destination[written++] = (byte)'%';
                source = source[1..];
            }
        }
    }

    private static void Encode(ReadOnlySpan<byte> source, SearchValues<byte> plain, bool plusForSpace, ref ByteWriter writer)
    {
        ReadOnlySpan<byte> digits = "0123456789ABCDEF"u8;
        while (true)
        {
            int special = source.IndexOfAnyExcept(plain);
            writer.Write(special < 0 ? source : source[..special]);
            if (special < 0) return;

            byte value = source[special];
            source = source[(special + 1)..];
            if (value == (byte)' ' && plusForSpace)
            {
                writer.Write((byte)'+');
                continue;
            }

            Span<byte> room = writer.Reserve(3);
            if (room.IsEmpty) return;
            room[0] = (byte)'%';
            room[1] = digits[value >> 4];
            room[2] = digits[value & 0xF];
        }
    }

    private static SearchValues<byte> Bytes(string text) => SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(text));
}
