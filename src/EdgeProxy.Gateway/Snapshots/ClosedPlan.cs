namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The integration of a route that is served closed: there is none, and the walk ends before it would be asked for.</summary>
internal sealed class ClosedPlan : IntegrationPlan
{
    private ClosedPlan()
    {
    }

    public static ClosedPlan Instance { get; } = new();

    public override IntegrationKind Kind => IntegrationKind.Closed;
}
