namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Halves of surrogate pairs that JSON may hold as <c>\ud800</c> and UTF-8 may not.</summary>
internal static class Surrogates
{
    /// <summary>Replaces each by U+FFFD, which is as long.</summary>
    /// <param name="text">UTF-8, but for them.</param>
    public static void Replace(Span<byte> text)
    {
        while (true)
        {
            int at = text.IndexOf((byte)0xED);
            if (at < 0) return;
            text = text[at..];
            if (text.Length >= 3 && text[1] >= 0xA0) "\uFFFD"u8.CopyTo(text);
            text = text[1..];
        }
    }
}
