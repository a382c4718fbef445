using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.JsonPath;

/// <summary>Paths by their text, so that a template's paths are read once per loop. Holds a bounded number, whoever chooses the texts.</summary>
internal sealed class JsonPathCache
{
    private const int Most = 256;

    // A power of two.
    private const int Constants = 16;

    private readonly Dictionary<int, (byte[] Text, JsonPathQuery? Path)> _known = [];

    // Where a template's own paths stand. What is no path is not kept here.
    private readonly (byte[] Texts, long Place, JsonPathQuery Path)[] _constants = new (byte[], long, JsonPathQuery)[Constants];

    /// <summary>The path of a text that is part of an array whose bytes never change.</summary>
    public JsonPathQuery? FindConstant(Machine machine, byte[] texts, int offset, int length)
    {
        ref (byte[] Texts, long Place, JsonPathQuery Path) known = ref _constants[offset & (Constants - 1)];
        long place = ((long)offset << 32) | (uint)length;
        if (known.Place == place && ReferenceEquals(known.Texts, texts)) return machine.TrySteps(length >> 6) ? known.Path : null;
        if (Find(machine, texts.AsSpan(offset, length)) is not { } path) return null;
        known = (texts, place, path);
        return path;
    }

    /// <summary>The path; null when the text is none. A long one costs steps, known or not: what a run may do must not hang on what ran before.</summary>
    public JsonPathQuery? Find(Machine machine, ReadOnlySpan<byte> text)
    {
        if (text.Length > JsonPathQuery.Longest || !machine.TrySteps(text.Length >> 6)) return null;
        int hash = TextHash.Of(text);
        if (_known.TryGetValue(hash, out (byte[] Text, JsonPathQuery? Path) known) && text.SequenceEqual(known.Text)) return known.Path;
        if (_known.Count >= Most) _known.Clear();
        JsonPathQuery? path = JsonPathQuery.Parse(text);
        _known[hash] = (text.ToArray(), path);
        return path;
    }
}
