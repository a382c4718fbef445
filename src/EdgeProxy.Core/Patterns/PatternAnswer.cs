namespace EdgeProxy.Core.Patterns;

/// <summary>What came of a run.</summary>
public enum PatternAnswer : byte
{
    No,
    Yes,

    /// <summary>The steps that it was given ran out.</summary>
    TooManySteps,

    /// <summary>It would have had to remember more choices than there is room for.</summary>
    TooManyChoices,
}
