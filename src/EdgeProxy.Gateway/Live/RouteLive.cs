namespace EdgeProxy.Gateway.Live;

/// <summary>What outlasts the plans of one route.</summary>
internal sealed class RouteLive
{
    internal RouteLive(string resourcePath, string method)
    {
        ResourcePath = resourcePath;
        Method = method;
    }

    public string ResourcePath { get; }

    public string Method { get; }
}
