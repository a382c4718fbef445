namespace EdgeProxy.Compiler.Passes;

/// <summary>How definitions are judged.</summary>
public sealed record CheckOptions
{
    /// <summary>True to refuse what API Gateway refuses though EdgeProxy could serve it.</summary>
    public bool Strict { get; init; }

    /// <summary>Longest integration time-out in milliseconds; API Gateway's own limit by default (rest-api.md 5.12).</summary>
    public int LongestTimeoutInMillis { get; init; } = 29_000;
}
