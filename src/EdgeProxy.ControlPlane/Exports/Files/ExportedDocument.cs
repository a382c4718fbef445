namespace EdgeProxy.ControlPlane.Exports.Files;

/// <summary>A document to write: what one deployment froze.</summary>
/// <param name="File">Its name, without a folder.</param>
/// <param name="Api">The API's id.</param>
/// <param name="Deployment">The deployment's id.</param>
public sealed record ExportedDocument(string File, string Api, string Deployment);
