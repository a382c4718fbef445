namespace EdgeProxy.Templates.Functions;

/// <summary>The names of properties of values other than maps (rest-api.md 6.3, 6.5, 6.7).</summary>
internal enum PropertyName : byte
{
    /// <summary>A name that no such value has.</summary>
    Unknown,

    /// <summary>Where reflection begins in Java; closed, for maps too.</summary>
    Class,

    // Of $foreach.
    Index,
    Count,
    HasNext,
    First,
    Last,
    Parent,
    Topmost,

    // Of $input.
    Body,

    // Of an entry.
    Key,
    Value,

    // Of texts and lists.
    Empty,
    Bytes,
}
