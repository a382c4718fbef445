namespace EdgeProxy.Gateway.Snapshots;

/// <summary>AWS with a Lambda function: it gets what the mapping makes, and the answer is chosen by its error message (rest-api.md 5.7, 5.9).</summary>
internal sealed class LambdaPlan : LambdaIntegrationPlan
{
    public override IntegrationKind Kind => IntegrationKind.Aws;

    public required MessageSelection Responses { get; init; }

    public override RequestTemplates? RequestTemplatesOrNull => RequestTemplates;
}
