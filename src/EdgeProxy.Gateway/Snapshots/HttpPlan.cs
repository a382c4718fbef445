namespace EdgeProxy.Gateway.Snapshots;

/// <summary>HTTP: only what is mapped is sent, and the answer is chosen among the integration responses.</summary>
internal sealed class HttpPlan : HttpIntegrationPlan
{
    public override IntegrationKind Kind => IntegrationKind.Http;

    public required ResponseSelection Responses { get; init; }

    public override ResponseSelection? ResponsesOrNull => Responses;

    public override RequestTemplates? RequestTemplatesOrNull => RequestTemplates;
}
