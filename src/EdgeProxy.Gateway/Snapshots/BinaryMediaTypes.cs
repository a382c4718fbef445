using System.Text;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The media types of an API that are bytes rather than text (rest-api.md 5.5).</summary>
/// <remarks>
/// An entry matches when both halves are equal, or when its subtype is <c>*</c> and the types are equal; of <c>*/test</c> nothing comes.
/// <c>*/*</c> takes everything. Not confirmed, and chosen here: <c>*/*</c> takes a missing field too, and case does not count (RFC 9110, 8.3.1).
/// </remarks>
internal sealed class BinaryMediaTypes
{
    private readonly Utf8Text[] _entries;
    private readonly bool _takesAll;

    /// <param name="entries">The list as written; what could never match is left out.</param>
    public BinaryMediaTypes(IEnumerable<string> entries)
    {
        string[] all = [.. entries];
        _takesAll = all.Contains("*/*", StringComparer.Ordinal);
        _entries = Array.ConvertAll(Array.FindAll(all, static entry => entry.Contains('/', StringComparison.Ordinal) && !entry.StartsWith("*/", StringComparison.Ordinal)), static entry => new Utf8Text(entry));
    }

    /// <summary>No list: everything is text.</summary>
    public static BinaryMediaTypes None { get; } = new([]);

    /// <summary>Whether nothing is binary.</summary>
    public bool IsEmpty => !_takesAll && _entries.Length == 0;

    /// <summary>Whether a media type is of the list.</summary>
    /// <param name="field">The value of Content-Type or Accept as sent, of which the first media type counts and its parameters do not; empty when it is missing.</param>
    public bool Matches(ReadOnlySpan<byte> field)
    {
        if (_takesAll) return true;
        if (_entries.Length == 0) return false;
        int end = field.IndexOfAny((byte)',', (byte)';');
        ReadOnlySpan<byte> mediaType = (end < 0 ? field : field[..end]).Trim(" \t"u8);
        int slash = mediaType.IndexOf((byte)'/');
        if (slash < 0) return false;
        foreach (Utf8Text entry in _entries)
        {
            ReadOnlySpan<byte> wanted = entry.Span;
            if (Ascii.EqualsIgnoreCase(wanted, mediaType)) return true;
            if (wanted.EndsWith("/*"u8) && Ascii.EqualsIgnoreCase(wanted[..^1], mediaType[..(slash + 1)])) return true;
        }

        return false;
    }
}
