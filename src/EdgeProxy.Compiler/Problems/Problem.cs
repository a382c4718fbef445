using EdgeProxy.Definitions;

namespace EdgeProxy.Compiler.Problems;

/// <summary>One thing that is wrong with what an operator wrote.</summary>
/// <param name="Code">Stable code; never reused for another meaning.</param>
/// <param name="Severity">Whether the definition can be served all the same.</param>
/// <param name="Origin">Where it is written; null when it came by the management API.</param>
/// <param name="Message">What is wrong and what to change, in one or two sentences.</param>
public sealed record Problem(ProblemCode Code, ProblemSeverity Severity, Origin? Origin, string Message)
{
    /// <summary>The code as it is printed, for example <c>EP1203</c>.</summary>
    public string CodeText => "EP" + ((int)Code).ToString("D4", System.Globalization.CultureInfo.InvariantCulture);
}
