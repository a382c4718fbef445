namespace EdgeProxy.Templates.Compilation;

/// <summary>A macro of a program.</summary>
/// <param name="Name">The constant that is its name.</param>
/// <param name="Address">Where it begins; -1 while it is called and not yet defined.</param>
/// <param name="Parameters">The slots of its parameters.</param>
internal sealed record MacroEntry(int Name, int Address, int[] Parameters);
