namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>What an explanation may cost.</summary>
/// <param name="Body">Most bytes of the request's body, and of the answer's (<c>explain.body</c>).</param>
/// <param name="Steps">Most steps of templates that are told (<c>explain.steps</c>).</param>
/// <param name="Output">Most characters that are told in all (<c>explain.output</c>).</param>
public sealed record ExplainLimits(int Body = ExplainLimits.DefaultBody, int Steps = ExplainLimits.DefaultSteps, int Output = ExplainLimits.DefaultOutput)
{
    public const int DefaultBody = 1024 * 1024;
    public const int DefaultSteps = 1000;
    public const int DefaultOutput = 1024 * 1024;

    /// <summary>Most characters that are told of one value.</summary>
    public const int Value = 2048;

    /// <summary>Most bytes that are told of one body.</summary>
    public const int ShownBody = 16 * 1024;

    /// <summary>Most rows of one table, template steps apart.</summary>
    public const int Rows = 100;

    /// <summary>Most fields of a request or an answer.</summary>
    public const int Fields = 1000;
}
