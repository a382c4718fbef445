using System.Text;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>Functions behind a plain HTTP URL: the event is a POST, 2xx brings the result, anything else is the function's failure (specification lambda.md 16).</summary>
public sealed class UrlTarget : FunctionTarget
{
    /// <param name="pattern">Which functions.</param>
    /// <param name="url">Where they are; the path may hold <c>{name}</c>, which the function's name replaces.</param>
    /// <param name="series">What is counted.</param>
    public UrlTarget(FunctionPattern pattern, FunctionUrl url, FunctionSeries series)
        : base(pattern, FunctionTargetKind.Url)
    {
        Url = url;
        Series = series;
    }

    public FunctionUrl Url { get; }

    internal FunctionSeries Series { get; }

    // The parser of URLs has encoded the braces.
    internal override FunctionBinding Bind(FunctionName function, FunctionClients clients) =>
        new UrlBinding(clients, this, function, Encoding.ASCII.GetBytes(Url.Target.Replace("%7Bname%7D", function.Name, StringComparison.OrdinalIgnoreCase).Replace("{name}", function.Name, StringComparison.Ordinal)));
}
