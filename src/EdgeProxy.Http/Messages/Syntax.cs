using System.Buffers;

namespace EdgeProxy.Http.Messages;

/// <summary>The character classes of RFC 9110 and RFC 3986 that heads are made of, as vectorised searches.</summary>
public static class Syntax
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Field names and methods: tchar of RFC 9110, 5.6.2.</summary>
    public static readonly SearchValues<byte> TokenBytes = SearchValues.Create(Ascii("!#$%&'*+-.^_`|~" + Alphanumeric));

    /// <summary>Bytes a field value must not have (RFC 9110, 5.5): all controls but HTAB. Bytes over 0x7F pass.</summary>
    public static readonly SearchValues<byte> ControlBytes = SearchValues.Create(Controls());

    /// <summary>What no mode lets into a field value.</summary>
    public static readonly SearchValues<byte> LineBytes = SearchValues.Create("\0\r\n"u8);

    /// <summary>Bytes a request target may have: visible ASCII without the number sign, which starts a fragment and is never sent.</summary>
    public static readonly SearchValues<byte> TargetBytes = SearchValues.Create(Visible());

    /// <summary>Host names. Of RFC 3986's reg-name without sub-delims and percent-coding: no host needs them, and they confuse what reads logs and URIs.</summary>
    public static readonly SearchValues<byte> HostBytes = SearchValues.Create(Ascii("-._~" + Alphanumeric));

    /// <summary>Between the brackets of an IPv6 literal; the gateway has no use for zones or future versions.</summary>
    public static readonly SearchValues<byte> Ipv6Bytes = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    public static bool IsToken(byte value) => TokenBytes.Contains(value);

    /// <summary>Whether a name may be that of a field (RFC 9110, 5.1).</summary>
    public static bool IsFieldName(ReadOnlySpan<byte> name) => !name.IsEmpty && !name.ContainsAnyExcept(TokenBytes);

    /// <summary>Whether a value that we make may stand in a field.</summary>
    public static bool IsFieldValue(ReadOnlySpan<byte> value) => !value.ContainsAny(ControlBytes);

    public static bool IsSpaceOrTab(byte value) => value is (byte)' ' or (byte)'\t';

    /// <summary>Without optional white space at either end (RFC 9110, 5.6.3).</summary>
    public static ReadOnlySpan<byte> TrimSpace(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && IsSpaceOrTab(bytes[0])) bytes = bytes[1..];
        while (!bytes.IsEmpty && IsSpaceOrTab(bytes[^1])) bytes = bytes[..^1];
        return bytes;
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private static byte[] Controls()
    {
        var bytes = new List<byte>();
        for (int value = 0; value < 0x20; value++)
        {
            if (value != '\t') bytes.Add((byte)value);
        }

        bytes.Add(0x7F);
        return [.. bytes];
    }

    private static byte[] Visible()
    {
        var bytes = new List<byte>();
        for (int value = 0x21; value < 0x7F; value++)
        {
            if (value != '#') bytes.Add((byte)value);
        }

        return [.. bytes];
    }
}
