namespace EdgeProxy.ControlPlane.Management;

/// <summary>How many of what there may be (control-plane.md 9); beyond it <c>LimitExceededException</c>.</summary>
public sealed record ManagementLimits
{
    public int ResourcesPerApi { get; init; } = 10_000;

    public int StagesPerApi { get; init; } = 10;

    public int AuthorizersPerApi { get; init; } = 10;

    public int StageVariables { get; init; } = 100;

    public int Tags { get; init; } = 50;

    public int DocumentationParts { get; init; } = 2000;

    public int Apis { get; init; } = 100_000;

    public int ApiKeys { get; init; } = 1_000_000;

    public int UsagePlans { get; init; } = 10_000;

    public int ClientCertificates { get; init; } = 1000;

    public int DomainNames { get; init; } = 10_000;
}
