namespace EdgeProxy.Compiler.Problems;

/// <summary>
/// Stable numbers of problems, printed as <c>EPnnnn</c>. 10xx: the bytes of a document; 11xx: the shape of any document; 12xx: OpenAPI
/// import; 13xx: definitions as such; 14xx: correct, but not supported by this version; 20xx: settings of the node.
/// </summary>
public enum ProblemCode
{
    /// <summary>Not a code; never reported.</summary>
    None = 0,

    /// <summary>The file cannot be read.</summary>
    UnreadableFile = 1001,

    /// <summary>The document is not well-formed YAML or JSON.</summary>
    Syntax = 1002,

    /// <summary>A mapping holds the same key twice.</summary>
    DuplicateKey = 1003,

    /// <summary>Nesting deeper than the limit.</summary>
    TooDeep = 1004,

    /// <summary>More bytes or nodes than the limit.</summary>
    TooLarge = 1005,

    /// <summary>One file holds several YAML documents.</summary>
    SeveralDocuments = 1006,

    /// <summary>A YAML alias or merge key that cannot be followed.</summary>
    BadAlias = 1007,

    /// <summary>The bytes are not UTF-8.</summary>
    NotUtf8 = 1008,

    /// <summary>The document is empty.</summary>
    EmptyDocument = 1009,

    /// <summary>A mapping key that is not a plain value.</summary>
    BadKey = 1010,

    /// <summary>A value has another type than expected (text instead of a list, and so on).</summary>
    WrongType = 1101,

    /// <summary>A key that nothing knows.</summary>
    UnknownKey = 1102,

    /// <summary>A required member is missing.</summary>
    Missing = 1103,

    /// <summary>A number or size outside its range.</summary>
    OutOfRange = 1104,

    /// <summary>A text that is not one of the allowed values.</summary>
    NotAllowed = 1105,

    /// <summary>A text with the wrong form (a URL, a name, an expression).</summary>
    BadFormat = 1106,
}
