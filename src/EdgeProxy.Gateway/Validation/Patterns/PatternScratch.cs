using EdgeProxy.Core.Patterns;

namespace EdgeProxy.Gateway.Validation.Patterns;

/// <summary>Room of one loop for patterns that go back and try again.</summary>
internal sealed class PatternScratch
{
    public PatternRun Run { get; } = new();
}
