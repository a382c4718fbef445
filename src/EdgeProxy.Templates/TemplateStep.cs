namespace EdgeProxy.Templates;

/// <summary>What a template did.</summary>
public enum TemplateStep : byte
{
    /// <summary>Wrote a reference's value.</summary>
    Reference,
    Set,
    Condition,

    /// <summary>Began an iteration; the value is the element.</summary>
    Iteration,

    /// <summary>A loop ended; the value is the number of its iterations.</summary>
    LoopEnd,
    Break,
    Stop,
    Define,

    /// <summary>Called a macro; the value is its name.</summary>
    Macro,
    Evaluate,
}
