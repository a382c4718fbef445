namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What both integrations with a Lambda function have.</summary>
internal abstract class LambdaIntegrationPlan : IntegrationPlan
{
    /// <summary>Names the function. Bound to a stage's variables in the <see cref="StagePlan"/>.</summary>
    public required UriTemplate Uri { get; init; }

    /// <summary>Whether the integration's method is POST; with any other every call is answered 500 (rest-api.md 5.1).</summary>
    public bool IsPost { get; init; } = true;
}
