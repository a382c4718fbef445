using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Compiler.Mappings;

/// <summary>Reads the URI of an integration with an AWS service before any stage variable is known (rest-api.md 5.14).</summary>
/// <remarks><see cref="BoundFunction"/> judges again with a stage's variables in place.</remarks>
internal static class ServiceUris
{
    /// <summary>The URI with stand-ins for what is not known yet.</summary>
    /// <param name="uri">The URI as written.</param>
    /// <param name="isCertain">Whether a problem is one whatever a stage's variables are.</param>
    public static FunctionUri Probe(UriTemplate uri, out bool isCertain)
    {
        isCertain = !Array.Exists(uri.Segments, static segment => segment.Kind == UriSegmentKind.StageVariable);
        return FunctionUri.Parse(string.Concat(Array.ConvertAll(uri.Segments, static segment => segment.Kind == UriSegmentKind.Literal ? segment.Text.ToString() : "x")));
    }

    /// <summary>Whether the URI can be one of Lambda.</summary>
    public static bool CanBeLambda(UriTemplate uri)
    {
        FunctionUri probe = Probe(uri, out bool isCertain);
        return probe.Service == "lambda" || (!isCertain && probe.Service is "" or "x");
    }
}
