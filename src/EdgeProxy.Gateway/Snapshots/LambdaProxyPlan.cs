namespace EdgeProxy.Gateway.Snapshots;

/// <summary>AWS_PROXY: the function gets the request as an event and says what the response is (rest-api.md 5.8).</summary>
internal sealed class LambdaProxyPlan : LambdaIntegrationPlan
{
    public override IntegrationKind Kind => IntegrationKind.AwsProxy;
}
