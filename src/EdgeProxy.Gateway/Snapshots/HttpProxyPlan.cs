namespace EdgeProxy.Gateway.Snapshots;

/// <summary>HTTP_PROXY: request and response pass through, headers by the rules of rest-api.md 4.</summary>
internal sealed class HttpProxyPlan : HttpIntegrationPlan
{
    public override IntegrationKind Kind => IntegrationKind.HttpProxy;
}
