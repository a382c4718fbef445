using EdgeProxy.Gateway.Validation.Patterns;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>What one loop uses again for each event and each result.</summary>
internal sealed class LambdaScratch
{
    /// <summary>The names and values of the request that is being written.</summary>
    public FieldGroups Fields { get; } = new();

    /// <summary>The result that is being read.</summary>
    public JsonTape Tape { get; } = new();

    /// <summary>For patterns over error messages.</summary>
    public PatternScratch Patterns { get; } = new();
}
