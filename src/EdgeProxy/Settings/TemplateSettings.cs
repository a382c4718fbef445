namespace EdgeProxy.Settings;

/// <summary>What one run of a mapping template may cost: <c>templates.*</c>.</summary>
/// <param name="Output">Bytes of output.</param>
/// <param name="Text">Bytes of text made on the way.</param>
/// <param name="Items">Elements of lists, members of maps and nodes of JSON.</param>
/// <param name="Steps">Instructions.</param>
/// <param name="Iterations">Iterations of one loop.</param>
/// <param name="Calls">Macros and definitions within each other.</param>
/// <param name="Nesting">JSON, and lists, within each other.</param>
/// <param name="EmptyTextIsFalse">Whether an empty text is false in a condition.</param>
internal sealed record TemplateSettings(int Output, int Text, int Items, int Steps, int Iterations, int Calls, int Nesting, bool EmptyTextIsFalse);
