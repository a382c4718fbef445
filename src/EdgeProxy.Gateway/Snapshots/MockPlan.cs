namespace EdgeProxy.Gateway.Snapshots;

/// <summary>MOCK: answers from the plan alone (rest-api.md 5.11).</summary>
/// <remarks>Its <c>statusCode</c> is what the request template renders. A route whose request must be read for its <c>statusCode</c> (no template takes it) declares <see cref="BodyNeed.Whole"/>.</remarks>
internal sealed class MockPlan : IntegrationPlan
{
    public override IntegrationKind Kind => IntegrationKind.Mock;

    public required ResponseSelection Responses { get; init; }

    public override ResponseSelection? ResponsesOrNull => Responses;

    public override RequestTemplates? RequestTemplatesOrNull => RequestTemplates;
}
