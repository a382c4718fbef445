using EdgeProxy.Definitions;

namespace EdgeProxy.Compiler;

/// <summary>An API with one stage that a node serves it by, and where.</summary>
/// <remarks>The same object again, with everything else the same that stages depend on, is served by the plan it had: nothing of it is worked out anew.</remarks>
/// <param name="Api">The API.</param>
/// <param name="Stage">The stage.</param>
/// <param name="BasePath">Without slashes at its ends; empty for the root.</param>
/// <param name="Domains">Custom domains in lower case; none to mount it for every host that no other rule takes.</param>
/// <param name="Content">
/// Stands for what the definition says: the same object again means that nothing in it changed, and its routes need not even be there
/// any more. One that is an <see cref="IDefinitionSource"/> is asked for the routes when they are first needed. Null when the definition is new.
/// </param>
public sealed record MountedApi(ApiDefinition Api, StageDefinition Stage, string BasePath, IReadOnlyList<string> Domains, object? Content = null)
{
    /// <summary>What the stage's canary runs; null when there is none, or when it differs in its variables alone.</summary>
    public MountedCanary? Canary { get; init; }

    /// <summary>Whether it is served by its id and stage alone, neither by a base path nor by a domain.</summary>
    public bool IsById { get; init; }

    /// <summary>The deployment that the stage points at, for <c>$context.deploymentId</c>; null for the API's id.</summary>
    public string? DeploymentId { get; init; }
}
