using EdgeProxy.Core.Json;

namespace EdgeProxy.Gateway.Validation.Json;

/// <summary>A JSON text of a plan, read once: what <c>enum</c> compares with.</summary>
internal sealed class JsonTape
{
    private readonly byte[] _text;
    private readonly JsonToken[] _tokens;

    /// <param name="text">JSON; the compiler has read it already.</param>
    public JsonTape(byte[] text)
    {
        _text = text;
        var tokens = new JsonTokens();
        if (tokens.Read(text, depthLimit: 10_000, tokenLimit: int.MaxValue) != JsonFault.None) throw new ArgumentException("No JSON.", nameof(text));
        _tokens = tokens.View(text).Tokens.ToArray();
    }

    public JsonView View => new(_text, _tokens);

    public ReadOnlySpan<byte> Text => _text;
}
