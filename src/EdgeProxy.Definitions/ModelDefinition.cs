namespace EdgeProxy.Definitions;

/// <summary>A named JSON schema (draft 4).</summary>
/// <param name="Name">Alphanumeric.</param>
/// <param name="ContentType">Media type it describes.</param>
/// <param name="Schema">JSON text; references to other models keep the form they have in the document.</param>
/// <param name="Description">Description, or null.</param>
/// <param name="Origin">The schema object.</param>
public sealed record ModelDefinition(string Name, string ContentType, string Schema, string? Description, Origin? Origin)
{
    /// <summary>
    /// Line and column of each value of <see cref="Schema"/>, containers before what they hold, so that a problem deep inside is shown where it
    /// stands; empty when the model came by the management API.
    /// </summary>
    public IReadOnlyList<(int Line, int Column)> Marks { get; init; } = [];
}
