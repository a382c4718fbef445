namespace EdgeProxy.Templates.Syntax;

/// <summary>Operators, the loosest first.</summary>
internal enum BinaryOperator : byte
{
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}
