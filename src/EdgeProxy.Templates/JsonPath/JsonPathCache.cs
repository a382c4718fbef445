using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.JsonPath;

/// <summary>Paths by their text, so that a template's paths are read once per loop. Holds a bounded number, whoever chooses the texts.</summary>
internal sealed class JsonPathCache
{
    private const int Most = 256;

    private readonly Dictionary<int, (byte[] Text, JsonPathQuery? Path)> _known = [];

    /// <summary>The path; null when the text is none.</summary>
    public JsonPathQuery? Find(ReadOnlySpan<byte> text)
    {
        int hash = TextHash.Of(text);
        if (_known.TryGetValue(hash, out (byte[] Text, JsonPathQuery? Path) known) && text.SequenceEqual(known.Text)) return known.Path;
        if (_known.Count >= Most) _known.Clear();
        JsonPathQuery? path = JsonPathQuery.Parse(text);
        _known[hash] = (text.ToArray(), path);
        return path;
    }
}
