namespace EdgeProxy.Core.Json;

/// <summary>A JSON text and its tokens.</summary>
/// <remarks>Borrows both; nothing it yields outlives them.</remarks>
public readonly ref struct JsonView(ReadOnlySpan<byte> text, ReadOnlySpan<JsonToken> tokens)
{
    public readonly ReadOnlySpan<byte> Text = text;
    public readonly ReadOnlySpan<JsonToken> Tokens = tokens;

    /// <summary>The bytes of a scalar or name as written.</summary>
    public ReadOnlySpan<byte> Raw(int token) => Text.Slice(Tokens[token].Start, Tokens[token].Length);
}
