namespace EdgeProxy.Templates.Compilation;

/// <summary>Where an instruction finds a value: two numbers of the code. Most values need so no instruction of their own, nor the stack.</summary>
/// <param name="Place">The kind in the low two bits; above them the slot of the variable, or the constant.</param>
/// <param name="Name">The property's name.</param>
internal readonly record struct Operand(int Place, int Name)
{
    /// <summary>Numbers of the code that an operand takes.</summary>
    public const int Size = 2;

    public static Operand Stack => new((int)OperandKind.Stack, 0);

    public static Operand Variable(int slot) => new((slot << 2) | (int)OperandKind.Variable, 0);

    public static Operand Member(int slot, int name) => new((slot << 2) | (int)OperandKind.Member, name);

    public static Operand Constant(int constant) => new((constant << 2) | (int)OperandKind.Constant, 0);

    /// <summary>The kind in the first number.</summary>
    public static OperandKind KindOf(int place) => (OperandKind)(place & 3);

    /// <summary>The slot or constant in the first number.</summary>
    public static int NumberOf(int place) => place >> 2;
}
