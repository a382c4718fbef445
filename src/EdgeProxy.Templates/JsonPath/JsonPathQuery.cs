using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.JsonPath;

/// <summary>A path in Jayway's dialect (rest-api.md 6.7). Immutable.</summary>
internal sealed class JsonPathQuery
{
    /// <summary>Bytes of a path's text.</summary>
    public const int Longest = 4096;

    private readonly PathStep[] _steps;

    internal JsonPathQuery(PathStep[] steps, byte[] constants)
    {
        _steps = steps;
        Constants = constants;
    }

    /// <summary>Whether it names the whole document.</summary>
    public bool IsRoot => _steps.Length == 0;

    /// <summary>The bytes of the texts in its filters.</summary>
    internal byte[] Constants { get; }

    /// <summary>Reads a path; null when it is none.</summary>
    public static JsonPathQuery? Parse(ReadOnlySpan<byte> text) => JsonPathParser.Parse(text);

    /// <summary>What the path leads to: null for nothing, and an array for a path that can lead to several places.</summary>
    public Value Evaluate(Machine machine, Value root)
    {
        int segment = Constants.Length == 0 ? 0 : machine.Memory.AddSegment(Constants);
        if (segment < 0) return machine.Fail(TemplateFault.TooMuchMemory);
        var evaluation = new PathEvaluation(machine, root, segment);
        return evaluation.TryFind(_steps, root, out Value found) ? found : Value.Null;
    }
}
