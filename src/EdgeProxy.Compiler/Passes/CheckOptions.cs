namespace EdgeProxy.Compiler.Passes;

/// <summary>How definitions are judged.</summary>
public sealed record CheckOptions
{
    /// <summary>True to refuse what API Gateway refuses though EdgeProxy could serve it.</summary>
    public bool Strict { get; init; }

    /// <summary>API Gateway's own limit of integration time-outs, in milliseconds, which is also its default (rest-api.md 5.12).</summary>
    public const int ServiceTimeoutInMillis = 29_000;

    /// <summary>The longest time-out of an HTTP API's integration, in milliseconds (http-api.md).</summary>
    public const int LongestHttpApiTimeoutInMillis = 30_000;

    /// <summary>The longest time-out of an integration whose answer streams, in milliseconds (rest-api.md 5.12).</summary>
    public const int LongestStreamTimeoutInMillis = 900_000;

    /// <summary>
    /// The longest that this node waits for an integration, in milliseconds: integrations that ask for more are cut to it when they are served, but for those that stream
    /// (decision 0060).
    /// </summary>
    public int LongestTimeoutInMillis { get; init; } = ServiceTimeoutInMillis;

    /// <summary>True for what was accepted when it was written, by a node that may have waited longer: a time-out that is too long is not refused again, only cut.</summary>
    public bool IsKept { get; init; }

    /// <summary>The most that an integration may ask for: what API Gateway takes, or what this node waits where that is more.</summary>
    public static int MostTimeoutOf(int longest) => Math.Max(ServiceTimeoutInMillis, longest);
}
