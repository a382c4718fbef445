using EdgeProxy.Definitions;

namespace EdgeProxy.Compiler;

/// <summary>What the canary of a stage runs, where it is not what the stage runs.</summary>
/// <param name="Api">The definition.</param>
/// <param name="Content">As in <see cref="MountedApi"/>.</param>
public sealed record MountedCanary(ApiDefinition Api, object? Content = null)
{
    /// <summary>As in <see cref="MountedApi"/>.</summary>
    public string? DeploymentId { get; init; }
}
