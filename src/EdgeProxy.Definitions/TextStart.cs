namespace EdgeProxy.Definitions;

/// <summary>Where a text begins in a document that has its lines as they are, so that a place in the text is one in the document.</summary>
/// <param name="Line">The line of its first character, from 1.</param>
/// <param name="Column">The column of its first character, from 1.</param>
/// <param name="IsIndented">Whether every line begins at that column.</param>
public sealed record TextStart(int Line, int Column, bool IsIndented);
