namespace EdgeProxy.Templates;

/// <summary>Why a text is not a template.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1, in characters.</param>
/// <param name="Message">A sentence that says what is wrong there.</param>
public sealed record TemplateProblem(int Line, int Column, string Message)
{
    public override string ToString() => $"{Line}:{Column}: {Message}";
}
