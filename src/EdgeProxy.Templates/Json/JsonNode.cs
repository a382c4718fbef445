namespace EdgeProxy.Templates.Json;

/// <summary>A node of a <see cref="JsonTape"/>: scalars are ranges of the text, containers the range of nodes that follows.</summary>
internal struct JsonNode
{
    /// <summary>The <see cref="Depth"/> of all that is nested as deeply as that or deeper, and of keys of objects in which a name comes twice or has escapes.</summary>
    public const byte Deepest = byte.MaxValue;

    /// <summary>A bit in <see cref="Next"/> of a number: Java would write it as it stands.</summary>
    public const int WritesItself = 1;

    /// <summary>A bit in <see cref="Next"/> of a number: its digits are in <see cref="Start"/>, and how many of them stand behind the point is in <see cref="Depth"/>.</summary>
    public const int HasDigits = 2;

    /// <summary>The <see cref="Segment"/> of a string or key that has escapes: the range is of the text that was read, and not yet its own text.</summary>
    public const short Escaped = -1;

    public JsonKind Kind;

    /// <summary>Of a container how deeply it is nested, of a key the same of its container; see also <see cref="HasDigits"/>.</summary>
    public byte Depth;

    /// <summary>Which text the range is of.</summary>
    public short Segment;

    /// <summary>Where the text begins; of a container how many members it has; of a forward or alias what it stands for.</summary>
    public int Offset;

    /// <summary>Bytes of text; of a container too, when JSON written of it would be its text as it stands, else 0.</summary>
    public int Length;

    /// <summary>The node after the subtree; of a key its hash; of a number what is known of it, as bits.</summary>
    public int Next;

    /// <summary>
    /// Of a container, where its text begins; of a key, a number that only keys of the same name have (<see cref="JsonTape.FirstKey"/>); of a number see <see cref="HasDigits"/>;
    /// of a string with escapes, the one before it (<see cref="JsonTape.LastEscaped"/>).
    /// </summary>
    public int Start;

    /// <summary>Whether a string or key is written with escapes.</summary>
    public readonly bool IsEscaped => Segment == Escaped;
}
