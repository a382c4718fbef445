using System.Globalization;
using EdgeProxy.Compiler.Mappings;
using EdgeProxy.Compiler.Patterns;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Runs selection patterns over every status once, so that none runs on a request; routes with the same patterns share the result.</summary>
internal sealed class BuildSelections
{
    private readonly Dictionary<string, (byte[] ByStatus, SelectionPattern?[] Patterns, int Default)> _known = new(StringComparer.Ordinal);
    private readonly SelectionPatterns _compiled = new();
    private readonly PatternCompiler _messages = new();

    /// <param name="patterns">By response in document order; null or empty for the default. All were checked before.</param>
    /// <param name="responses">The responses, in the same order.</param>
    public ResponseSelection Run(IReadOnlyList<string?> patterns, ResponsePlan[] responses)
    {
        string key = string.Join('\n', patterns);
        if (!_known.TryGetValue(key, out (byte[] ByStatus, SelectionPattern?[] Patterns, int Default) known))
        {
            known = Match(patterns);
            _known.Add(key, known);
        }

        Func<int, int>? others = Array.TrueForAll(known.Patterns, static pattern => pattern is null) ? null : status => Choose(known.Patterns, known.Default, status);
        return new ResponseSelection(responses, known.ByStatus, known.Default, others);
    }

    /// <summary>The same over a function's error messages, which nobody knows beforehand: their patterns run on requests.</summary>
    public MessageSelection Run(IReadOnlyList<IntegrationResponseDefinition> definitions, ResponsePlan[] responses) =>
        new(responses, [.. definitions.Select(definition => string.IsNullOrEmpty(definition.SelectionPattern) ? null : _messages.CompileWhole(definition.SelectionPattern))]);

    private (byte[] ByStatus, SelectionPattern?[] Patterns, int Default) Match(IReadOnlyList<string?> patterns)
    {
        var compiled = new SelectionPattern?[patterns.Count];
        int fallback = -1;
        for (int i = 0; i < compiled.Length; i++)
        {
            if (string.IsNullOrEmpty(patterns[i]))
            {
                if (fallback < 0) fallback = i;
            }
            else
            {
                compiled[i] = _compiled.Get(patterns[i]!);
            }
        }

        var byStatus = new byte[ResponseSelection.Statuses];
        for (int status = 0; status < byStatus.Length; status++) byStatus[status] = (byte)(1 + Choose(compiled, fallback, status));
        return (byStatus, compiled, fallback);
    }

    // Several may match; the first stored is taken (rest-api.md 5.9).
    private static int Choose(SelectionPattern?[] patterns, int fallback, int status)
    {
        string text = status.ToString(CultureInfo.InvariantCulture);
        for (int i = 0; i < patterns.Length; i++)
        {
            if (patterns[i] is { } pattern && pattern.Matches(text)) return i;
        }

        return fallback;
    }
}
