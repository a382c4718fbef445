namespace EdgeProxy.Templates.Execution;

/// <summary>A <c>#foreach</c> that runs.</summary>
internal struct LoopState
{
    /// <summary>Whether it goes through an array as it was read, by <see cref="At"/> and <see cref="End"/>, which is what most loops do; else through what <see cref="LoopStack"/> keeps beside it.</summary>
    public bool IsArray;

    /// <summary>The node behind the current element.</summary>
    public int At;

    /// <summary>The node behind the array.</summary>
    public int End;

    /// <summary>The current iteration, counted from 0.</summary>
    public int Index;

    /// <summary>The slot of its variable.</summary>
    public int Slot;

    /// <summary>What the variable was before.</summary>
    public Value Variable;

    /// <summary>What <c>$foreach</c> was before.</summary>
    public Value Outer;

    public Value Count;

    public Value HasNext;
}
