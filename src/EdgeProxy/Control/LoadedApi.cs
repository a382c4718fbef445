using EdgeProxy.Definitions;
using EdgeProxy.Settings;

namespace EdgeProxy.Control;

/// <summary>An API with what its document and the node's settings say about it together.</summary>
/// <param name="Settings">What the node says.</param>
/// <param name="Definition">What the document says.</param>
/// <param name="BasePath">Where it is mounted, starting with <c>/</c>.</param>
/// <param name="Content">Stands for what the document says: the same object as long as that does not change.</param>
internal sealed record LoadedApi(ApiSettings Settings, ApiDefinition Definition, string BasePath, object Content)
{
    /// <summary>The canary's document, where it has one of its own.</summary>
    public LoadedApi? Canary { get; init; }
}
