namespace EdgeProxy.Templates.JsonPath;

/// <summary>What a filter asks.</summary>
internal enum FilterOperator : byte
{
    Or,
    And,
    Not,

    /// <summary>Whether the left operand, a path, leads somewhere.</summary>
    Exists,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    In,
    NotIn,
    SubsetOf,
    AnyOf,
    NoneOf,
    AllOf,
    Contains,
    Size,
    Empty,
}
