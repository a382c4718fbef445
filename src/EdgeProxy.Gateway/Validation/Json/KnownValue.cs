using EdgeProxy.Core.Json;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Validation.Json;

/// <summary>A JSON text of a plan, read once: what <c>enum</c> compares with.</summary>
internal sealed class KnownValue
{
    private readonly byte[] _text;
    private readonly JsonNode[] _nodes;

    /// <param name="text">JSON; the compiler has read it already.</param>
    public KnownValue(byte[] text)
    {
        _text = text;
        var tape = new JsonTape();
        if (JsonReader.ReadUtf8(tape, text, new JsonLimits(10_000, int.MaxValue)) != JsonFault.None) throw new ArgumentException("No JSON.", nameof(text));
        _nodes = tape.View(text).Nodes.ToArray();
    }

    public JsonView View => new(_text, _nodes, origin: 0);
}
