namespace EdgeProxy.Templates.JsonPath;

/// <summary>What a step of a path takes.</summary>
internal enum PathStepKind : byte
{
    /// <summary>A member, or several.</summary>
    Names,

    /// <summary>An element, or several.</summary>
    Indexes,
    Slice,

    /// <summary>All members or elements.</summary>
    All,

    /// <summary>The value itself and everything in it, for the next step.</summary>
    Deep,
    Filter,
    Function,
}
