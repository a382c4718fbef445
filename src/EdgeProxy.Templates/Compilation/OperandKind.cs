namespace EdgeProxy.Templates.Compilation;

/// <summary>Where an <see cref="Operand"/> is.</summary>
internal enum OperandKind : byte
{
    /// <summary>On the stack.</summary>
    Stack,

    /// <summary>It is a variable.</summary>
    Variable,

    /// <summary>It is a property of a variable.</summary>
    Member,

    /// <summary>It is a constant.</summary>
    Constant,
}
