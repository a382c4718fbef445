namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What a route's request validator asks for (rest-api.md 7).</summary>
internal sealed class ValidationPlan
{
    /// <summary>A validator that asks for nothing.</summary>
    public static ValidationPlan None { get; } = new();

    /// <summary>The parameters that must be there, in the order in which those that are missing are named.</summary>
    public RequiredParameter[] Required { get; init; } = [];

    /// <summary>The models of bodies by media type; empty when bodies are not looked at.</summary>
    public BodyModel[] Bodies { get; init; } = [];

    /// <summary>The models of answers by status; empty when answers are not looked at.</summary>
    public ResponseModels[] Responses { get; init; } = [];

    /// <summary>Whether an answer that does not match is refused; if not, it is merely counted.</summary>
    public bool RefusesResponses { get; init; }
}
