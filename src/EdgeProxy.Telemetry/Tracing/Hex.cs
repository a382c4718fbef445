namespace EdgeProxy.Telemetry.Tracing;

/// <summary>Lower-case hexadecimal.</summary>
internal static class Hex
{
    public static void Write(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        destination = destination[..(bytes.Length * 2)];
        for (int i = 0; i < bytes.Length; i++)
        {
            destination[i * 2] = digits[bytes[i] >> 4];
            destination[(i * 2) + 1] = digits[bytes[i] & 0xF];
        }
    }

    public static bool IsHex(ReadOnlySpan<byte> text)
    {
        foreach (byte c in text)
        {
            if (!char.IsAsciiHexDigit((char)c)) return false;
        }

        return true;
    }
}
