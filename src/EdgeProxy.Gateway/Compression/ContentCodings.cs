using System.Text;

namespace EdgeProxy.Gateway.Compression;

/// <summary>Names of <see cref="ContentCoding"/>s; case does not count (RFC 9110, 8.4.1).</summary>
internal static class ContentCodings
{
    /// <summary>How many there are, identity among them.</summary>
    public const int Count = 5;

    /// <summary>The coding of a name.</summary>
    /// <returns>False for an unknown one.</returns>
    public static bool TryFind(ReadOnlySpan<byte> name, out ContentCoding coding)
    {
        // x-gzip is the same thing (RFC 9110, 8.4.1.3).
        coding = name.Length switch
        {
            2 when Ascii.EqualsIgnoreCase(name, "br"u8) => ContentCoding.Brotli,
            4 when Ascii.EqualsIgnoreCase(name, "gzip"u8) => ContentCoding.Gzip,
            4 when Ascii.EqualsIgnoreCase(name, "zstd"u8) => ContentCoding.Zstd,
            6 when Ascii.EqualsIgnoreCase(name, "x-gzip"u8) => ContentCoding.Gzip,
            7 when Ascii.EqualsIgnoreCase(name, "deflate"u8) => ContentCoding.Deflate,
            _ => ContentCoding.Identity,
        };
        return coding != ContentCoding.Identity || (name.Length == 8 && Ascii.EqualsIgnoreCase(name, "identity"u8));
    }

    /// <summary>The name as it is sent.</summary>
    public static ReadOnlySpan<byte> NameOf(ContentCoding coding) => coding switch
    {
        ContentCoding.Gzip => "gzip"u8,
        ContentCoding.Deflate => "deflate"u8,
        ContentCoding.Brotli => "br"u8,
        ContentCoding.Zstd => "zstd"u8,
        _ => "identity"u8,
    };

    /// <summary>The name as a label.</summary>
    public static string LabelOf(ContentCoding coding) => Encoding.ASCII.GetString(NameOf(coding));
}
