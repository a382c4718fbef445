namespace EdgeProxy.Templates.Compilation;

/// <summary>
/// Instructions. What they need follows them in the code: numbers, and operands of two numbers (<see cref="Operand"/>) that say where a value is. What comes from the stack
/// is named left to right as it was pushed. Where a text is named, offset and length of constant bytes stand, which are written first; there may be none.
/// </summary>
internal enum OpCode : byte
{
    /// <summary>Ends the program, a macro or a block.</summary>
    Return,

    /// <summary>offset, length: writes constant bytes.</summary>
    Text,

    /// <summary>text, operand: writes a value.</summary>
    Print,

    /// <summary>text, slot of <c>$util</c>, operand: writes a value as its <c>escapeJavaScript</c> has it.</summary>
    PrintScript,

    /// <summary>constant if set, constant if null: writes one of them: value.</summary>
    PrintEscaped,

    /// <summary>operand: pushes a value.</summary>
    Push,

    /// <summary>slot, operand: sets a variable.</summary>
    Store,

    /// <summary>slot, operator, operand, operand: sets a variable to what an operator makes.</summary>
    StoreBinary,

    /// <summary>operator, operand, operand.</summary>
    Binary,

    /// <summary>name: a property: target.</summary>
    Member,

    /// <summary>An element: target, index.</summary>
    Index,

    /// <summary>name, count of arguments: target, arguments.</summary>
    Call,

    /// <summary>name: target, value.</summary>
    SetMember,

    /// <summary>Target, index, value.</summary>
    SetIndex,

    Not,

    /// <summary>Makes a value true or false.</summary>
    Truth,

    /// <summary>address.</summary>
    Jump,

    /// <summary>address: value.</summary>
    JumpIfFalse,

    /// <summary>text, address, operand: goes there when a directive's condition does not hold.</summary>
    Branch,

    /// <summary>text, operand, offset, length: writes those constant bytes too, when the condition of a directive that holds nothing else is true.</summary>
    TextIf,

    /// <summary>count: items.</summary>
    List,

    /// <summary>count: keys and values in turn.</summary>
    Map,

    /// <summary>First, last.</summary>
    Sequence,

    /// <summary>From here on, what is written becomes a text.</summary>
    TextBegin,
    TextEnd,

    /// <summary>slot, address, operand: begins a loop with its first element, or goes there when there is none.</summary>
    LoopBegin,

    /// <summary>The same as <see cref="LoopBegin"/> before a loop that only writes each element, and perhaps a text between two of them, which this instruction may do at once.</summary>
    Join,

    /// <summary>text, address: takes the next element and goes there, or ends the loop.</summary>
    LoopNext,

    /// <summary>address: ends the innermost loop and goes there.</summary>
    Break,
    Stop,

    /// <summary>slot, address: the block that follows, up to there, becomes a value.</summary>
    Define,

    /// <summary>macro, count of arguments, whether a block follows its arguments: arguments.</summary>
    Macro,

    /// <summary>Pushes the block that begins behind the operand; address: its end.</summary>
    Block,

    /// <summary>Runs a text as a template: text.</summary>
    Evaluate,
}
