namespace EdgeProxy.ControlPlane.Management;

/// <summary>What the management API is told of its node.</summary>
public sealed record ManagementOptions
{
    /// <summary>In ARNs and host names.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Twelve digits.</summary>
    public string AccountId { get; init; } = "000000000000";

    /// <summary>Whether each change to a REST API is deployed to all of its stages at once.</summary>
    public bool AutoDeploy { get; init; }

    /// <summary>Structural limits (control-plane.md 9).</summary>
    public ManagementLimits Limits { get; init; } = new();
}
