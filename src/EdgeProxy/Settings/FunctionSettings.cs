using EdgeProxy.Definitions;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Settings;

/// <summary>Where the functions of one name run. Exactly one of the three ways is set.</summary>
/// <param name="Pattern">Which functions.</param>
/// <param name="Origin">Where its name is configured.</param>
internal sealed record FunctionSettings(FunctionPattern Pattern, Origin? Origin)
{
    /// <summary>A process of this node.</summary>
    public LocalFunctionSettings? Local { get; init; }

    /// <summary>A URL that gets the event as a POST.</summary>
    public FunctionUrl? Url { get; init; }

    /// <summary>An Invoke endpoint.</summary>
    public FunctionEndpointSettings? Endpoint { get; init; }
}
