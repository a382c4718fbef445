namespace EdgeProxy.Definitions;

/// <summary>A named JSON schema (draft 4).</summary>
/// <param name="Name">Alphanumeric.</param>
/// <param name="ContentType">Media type it describes.</param>
/// <param name="Schema">JSON text; references to other models keep the form they have in the document.</param>
/// <param name="Description">Description, or null.</param>
/// <param name="Origin">The schema object.</param>
public sealed record ModelDefinition(string Name, string ContentType, string Schema, string? Description, Origin? Origin);
