namespace EdgeProxy.Templates.Compilation;

/// <summary>Instructions of the stack machine; operands follow in the code, and what is taken from the stack is named left to right as it was pushed.</summary>
internal enum OpCode : byte
{
    /// <summary>Ends the program, a macro or a block.</summary>
    Return,

    /// <summary>offset, length: writes constant bytes.</summary>
    Text,

    /// <summary>Writes a value: value.</summary>
    Print,

    /// <summary>constant if set, constant if null: writes one of them: value.</summary>
    PrintEscaped,

    /// <summary>constant: pushes it.</summary>
    Constant,

    /// <summary>slot: pushes a variable.</summary>
    Load,

    /// <summary>slot: sets a variable: value.</summary>
    Store,

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

    /// <summary>operator: left, right.</summary>
    Binary,
    Not,

    /// <summary>Makes a value true or false.</summary>
    Truth,

    /// <summary>address.</summary>
    Jump,

    /// <summary>address: value.</summary>
    JumpIfFalse,

    /// <summary>Tells the observer of a condition, and leaves it.</summary>
    Condition,

    /// <summary>count: items.</summary>
    List,

    /// <summary>count: keys and values in turn.</summary>
    Map,

    /// <summary>First, last.</summary>
    Sequence,

    /// <summary>From here on, what is written becomes a text.</summary>
    TextBegin,
    TextEnd,

    /// <summary>slot: begins a loop: items.</summary>
    LoopBegin,

    /// <summary>address: takes the next element, or ends the loop and goes there.</summary>
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
