namespace EdgeProxy.Templates.Execution;

/// <summary>What a <see cref="Value"/> is.</summary>
internal enum ValueKind : byte
{
    Null,
    Boolean,

    /// <summary>Java's Integer and Long.</summary>
    Integer,

    /// <summary>Java's Double.</summary>
    Decimal,

    /// <summary>A number that fits neither: its text as it was read.</summary>
    BigNumber,
    String,

    /// <summary>A list made or changed by the template.</summary>
    List,

    /// <summary>A map made or changed by the template.</summary>
    Map,

    /// <summary>An array of parsed JSON, as it was read.</summary>
    JsonArray,

    /// <summary>An object of parsed JSON, as it was read.</summary>
    JsonObject,

    /// <summary>A member of a map.</summary>
    Entry,
    Iterator,

    /// <summary><c>$input</c>.</summary>
    Input,

    /// <summary><c>$util</c>.</summary>
    Util,

    /// <summary><c>$context</c> or a group in it.</summary>
    Context,

    /// <summary><c>$stageVariables</c>.</summary>
    StageVariables,

    /// <summary><c>$foreach</c>.</summary>
    Loop,

    /// <summary>What <c>#define</c> made.</summary>
    Block,
}
