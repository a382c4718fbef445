namespace EdgeProxy.Definitions;

/// <summary>An API stage that a usage plan lists.</summary>
/// <param name="ApiId">The API's id.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Methods">How often each key may call single methods.</param>
/// <param name="Origin">Where it is written.</param>
public sealed record UsagePlanStageDefinition(string ApiId, string Stage, IReadOnlyList<UsagePlanMethodDefinition> Methods, Origin? Origin);
