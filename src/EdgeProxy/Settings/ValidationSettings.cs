namespace EdgeProxy.Settings;

/// <summary>What holding a body against its model may cost: <c>validation.*</c>.</summary>
/// <param name="Depth">Most arrays and objects within each other.</param>
/// <param name="Steps">Most values and names, and most schemas applied to them.</param>
internal sealed record ValidationSettings(int Depth, int Steps);
