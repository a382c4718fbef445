using System.Globalization;
using EdgeProxy.Compiler.Mappings;
using EdgeProxy.Compiler.Patterns;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Runs selection patterns over every status once, so that none runs on a request; routes with the same patterns share the result.</summary>
internal sealed class BuildSelections
{
    // Made when the first pattern is run, for all that come after it.
    private static string[]? s_statuses;

    private readonly Dictionary<string, (byte[] ByStatus, int Default, Func<int, int>? Others)> _known = new(StringComparer.Ordinal);
    private readonly SelectionPatterns _compiled = new();
    private readonly PatternCompiler _messages = new();

    /// <param name="patterns">By response in document order; null or empty for the default. All were checked before.</param>
    /// <param name="responses">The responses, in the same order.</param>
    public ResponseSelection Run(IReadOnlyList<string?> patterns, ResponsePlan[] responses)
    {
        // With their lengths: a pattern may hold any character, and no response is not the same as one default.
        string key = string.Join('\n', patterns.Select(static pattern => $"{pattern?.Length ?? 0}:{pattern}"));
        if (!_known.TryGetValue(key, out (byte[] ByStatus, int Default, Func<int, int>? Others) known))
        {
            known = Match(patterns);
            _known.Add(key, known);
        }

        return new ResponseSelection(responses, known.ByStatus, known.Default, known.Others);
    }

    /// <summary>The same over a function's error messages, which nobody knows beforehand: their patterns run on requests.</summary>
    public MessageSelection Run(IReadOnlyList<IntegrationResponseDefinition> definitions, ResponsePlan[] responses) =>
        new(responses, [.. definitions.Select(definition => string.IsNullOrEmpty(definition.SelectionPattern) ? null : _messages.CompileWhole(definition.SelectionPattern))]);

    private (byte[] ByStatus, int Default, Func<int, int>? Others) Match(IReadOnlyList<string?> patterns)
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
        if (Array.TrueForAll(compiled, static pattern => pattern is null))
        {
            Array.Fill(byStatus, (byte)(1 + fallback));
            return (byStatus, fallback, null);
        }

        string[] statuses = s_statuses ??= StatusTexts();
        for (int status = 0; status < byStatus.Length; status++) byStatus[status] = (byte)(1 + Choose(compiled, fallback, statuses[status]));
        return (byStatus, fallback, Others(compiled, fallback));
    }

    private static Func<int, int> Others(SelectionPattern?[] patterns, int fallback) => status => Choose(patterns, fallback, status.ToString(CultureInfo.InvariantCulture));

    private static string[] StatusTexts()
    {
        var texts = new string[ResponseSelection.Statuses];
        for (int status = 0; status < texts.Length; status++) texts[status] = status.ToString(CultureInfo.InvariantCulture);
        return texts;
    }

    // Several may match; the first stored is taken (rest-api.md 5.9).
    private static int Choose(SelectionPattern?[] patterns, int fallback, string status)
    {
        for (int i = 0; i < patterns.Length; i++)
        {
            if (patterns[i] is { } pattern && pattern.Matches(status)) return i;
        }

        return fallback;
    }
}
