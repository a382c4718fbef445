namespace EdgeProxy.Gateway.Validation.Json;

/// <summary>One value of a JSON text, or the name of a member, in document order: a name comes before its value, a container before what it holds.</summary>
internal struct JsonToken
{
    /// <summary>Offset of the first byte; of a string, of the byte behind the quote.</summary>
    public int Start;

    /// <summary>Bytes of a scalar (of a string as written, without quotes); members or items of a container.</summary>
    public int Length;

    /// <summary>The token behind the value and all it holds.</summary>
    public int Next;

    public JsonTokenKind Kind;

    /// <summary>For a string: whether it holds a backslash, so that its text is not its bytes.</summary>
    public bool IsEscaped;
}
