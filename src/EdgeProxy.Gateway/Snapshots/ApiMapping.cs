namespace EdgeProxy.Gateway.Snapshots;

/// <summary>Which stage of which API a custom domain leads to, by name: deployments and stages come and go without it.</summary>
internal sealed class ApiMapping
{
    /// <param name="basePath">Without slashes at its ends; empty for all that no other takes.</param>
    /// <param name="api">The API's id.</param>
    /// <param name="stage">The stage; empty when the caller names it as the next segment of the path.</param>
    public ApiMapping(Utf8Text basePath, Utf8Text api, Utf8Text stage)
    {
        Prefix = basePath.IsEmpty ? [] : [(byte)'/', .. basePath.Span];
        Api = api;
        Stage = stage;
    }

    /// <summary>With its first slash; empty for all that no other takes.</summary>
    public byte[] Prefix { get; }

    public Utf8Text Api { get; }

    public Utf8Text Stage { get; }
}
