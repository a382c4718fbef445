namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>A stage that a change touched.</summary>
/// <param name="Api">The API's id.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Deployment">What it serves now; null when it serves nothing any more.</param>
/// <param name="Canary">What its canary serves, where that is another deployment.</param>
public sealed record ServedStage(string Api, string Stage, string? Deployment, string? Canary);
