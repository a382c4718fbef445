using EdgeProxy.Definitions;

namespace EdgeProxy.Compiler;

/// <summary>An API with the one stage that a node serves it by, and where.</summary>
/// <param name="Api">The API.</param>
/// <param name="Stage">The stage.</param>
/// <param name="BasePath">Without slashes at its ends; empty for the root.</param>
/// <param name="Domains">Custom domains in lower case; none to mount it for every host that no other rule takes.</param>
/// <param name="Content">
/// Stands for what the definition says: the same object again means that nothing in it changed, and its routes need not even be there
/// any more. Null when the definition is new.
/// </param>
public sealed record MountedApi(ApiDefinition Api, StageDefinition Stage, string BasePath, IReadOnlyList<string> Domains, object? Content = null)
{
    /// <summary>What the stage's canary runs; null when there is none, or when it differs in its variables alone.</summary>
    public MountedCanary? Canary { get; init; }
}
