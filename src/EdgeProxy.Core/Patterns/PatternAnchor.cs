namespace EdgeProxy.Core.Patterns;

/// <summary>Places in a text that a pattern can ask for.</summary>
public enum PatternAnchor : byte
{
    TextStart,
    TextEnd,

    /// <summary>The end, or before a line break that ends the text.</summary>
    TextEndOrLastLine,
    LineStart,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}
