using System.Text;
using EdgeProxy.Identity.SigV4;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>Functions behind an Invoke endpoint, of AWS or compatible (specification lambda.md 11, 12).</summary>
public sealed class EndpointTarget : FunctionTarget
{
    private readonly Func<string, string, FunctionUrl> _urlOf;

    /// <param name="pattern">Which functions.</param>
    /// <param name="urlOf">The endpoint of a region and partition; of a compatible service it is the same for all.</param>
    /// <param name="series">What is counted.</param>
    public EndpointTarget(FunctionPattern pattern, Func<string, string, FunctionUrl> urlOf, FunctionSeries series)
        : base(pattern, FunctionTargetKind.Endpoint)
    {
        _urlOf = urlOf;
        Series = series;
    }

    internal FunctionSeries Series { get; }

    /// <summary>The region that is signed for whatever an ARN says; null for the ARN's own, else <see cref="DefaultRegion"/>.</summary>
    public string? Region { get; init; }

    /// <summary>The region of functions that are called by a bare name.</summary>
    public string DefaultRegion { get; init; } = "us-east-1";

    /// <summary>Who signs; null for nobody.</summary>
    public AwsCredentials? Credentials { get; init; }

    /// <summary>Whether a call without credentials is made all the same, unsigned; otherwise it fails here.</summary>
    public bool IsUnsigned { get; init; }

    internal override FunctionBinding Bind(FunctionName function, FunctionClients clients)
    {
        string region = Region ?? (function.Region.Length > 0 ? function.Region : DefaultRegion);
        FunctionUrl url = _urlOf(region, function.Partition);
        string prefix = url.Target.TrimEnd('/');
        string name = Uri.EscapeDataString(function.UnqualifiedArn);
        string qualifier = function.Qualifier.Length == 0 ? "" : "?Qualifier=" + Uri.EscapeDataString(function.Qualifier);
        return new EndpointBinding(clients, this)
        {
            Url = url,
            Invoke = Encoding.ASCII.GetBytes($"{prefix}/2015-03-31/functions/{name}/invocations{qualifier}"),
            Stream = Encoding.ASCII.GetBytes($"{prefix}/2021-11-15/functions/{name}/response-streaming-invocations{qualifier}"),
            Scope = Credentials is { } credentials && !IsUnsigned ? new SigningScope(credentials, region, "lambda") : null,
        };
    }
}
