using EdgeProxy.ControlPlane.Imports.OpenApi;

namespace EdgeProxy.Control;

/// <summary>How documents are read, as the command line says.</summary>
/// <param name="BasePath">What happens to their own base paths.</param>
/// <param name="Strict">Whether to refuse what API Gateway refuses.</param>
/// <param name="LongestTimeoutInMillis">How long the node waits for an integration, in milliseconds: setting <c>timeouts.integration</c>.</param>
internal sealed record ImportChoices(BasePathMode BasePath, bool Strict, int LongestTimeoutInMillis = 29_000);
