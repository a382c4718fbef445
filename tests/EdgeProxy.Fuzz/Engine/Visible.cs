using System.Text;

namespace EdgeProxy.Fuzz.Engine;

/// <summary>Bytes as a person can read them in a message.</summary>
internal static class Visible
{
    private const int Longest = 300;

    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        foreach (byte value in bytes[..Math.Min(bytes.Length, Longest)])
        {
            text.Append(value switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                (byte)'"' => "\\\"",
                (byte)'\\' => "\\\\",
                >= 0x20 and < 0x7F => ((char)value).ToString(),
                _ => $"\\x{value:x2}",
            });
        }

        return text.Append(bytes.Length > Longest ? $"\" and {bytes.Length - Longest} more" : "\"").ToString();
    }
}
