namespace EdgeProxy.Settings;

/// <summary>What an explanation may cost: <c>explain.*</c>.</summary>
/// <param name="Body">Most bytes of a body that is explained.</param>
/// <param name="Steps">Most steps of templates that are told.</param>
/// <param name="Output">Most characters that are told.</param>
internal sealed record ExplainSettings(int Body, int Steps, int Output);
