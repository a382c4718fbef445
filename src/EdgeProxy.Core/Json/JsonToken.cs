namespace EdgeProxy.Core.Json;

/// <summary>One value of a JSON text, or the name of a member, in document order: a name comes before its value, a container before what it holds.</summary>
public struct JsonToken
{
    /// <summary>The <see cref="Depth"/> of all names nested as deeply as that or deeper.</summary>
    public const byte Deepest = byte.MaxValue;

    /// <summary>Offset of the first byte; of a string, of the byte behind the quote.</summary>
    public int Start;

    /// <summary>Bytes of a scalar (of a string as written, without quotes); members or items of a container.</summary>
    public int Length;

    /// <summary>
    /// The token behind the value and all it holds. Of a name, its number: the first token of the text that is known to be the same name. One name may have several numbers,
    /// no two names have one.
    /// </summary>
    public int Next;

    public JsonTokenKind Kind;

    /// <summary>For a string: whether it holds a backslash, so that its text is not its bytes.</summary>
    public bool IsEscaped;

    /// <summary>Of a name, how deeply its object is nested, at most <see cref="Deepest"/>; else 0.</summary>
    public byte Depth;

    /// <summary>Of an object: whether its names are those, in their order, of an object that ends before it, so that one of them comes twice only if it does there.</summary>
    public bool IsAlike;
}
