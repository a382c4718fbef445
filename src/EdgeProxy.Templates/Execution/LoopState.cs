namespace EdgeProxy.Templates.Execution;

/// <summary>A <c>#foreach</c> that runs.</summary>
internal struct LoopState
{
    /// <summary>Goes through the elements; stands behind the current one.</summary>
    public Children Items;

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
