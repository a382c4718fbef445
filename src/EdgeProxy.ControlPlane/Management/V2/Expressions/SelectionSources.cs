namespace EdgeProxy.ControlPlane.Management.V2.Expressions;

/// <summary>What selection expressions of WebSocket APIs look at (websocket-api.md 7.1).</summary>
internal static class SelectionSources
{
    /// <summary>Of routes, models and request templates: the message.</summary>
    public static readonly ValueSources Route = new("request.body[*]");

    /// <summary>Of response templates.</summary>
    public static readonly ValueSources ResponseTemplate =
        new("request.body[*]", "integration.response.statuscode", "integration.response.header.*", "integration.response.multivalueheader.*");
}
