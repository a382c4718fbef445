using EdgeProxy.Definitions;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Compiler;

/// <summary>The usage plans of a configuration, compiled as far as they need no API.</summary>
/// <param name="ledger">What lives on of plans and keys.</param>
internal sealed class UsagePlanSet(UsageLedger ledger)
{
    private readonly Dictionary<string, (UsagePlanDefinition Definition, UsagePlan Plan)> _plans = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Api, string Stage), List<(UsagePlanStageDefinition Stage, UsagePlan Plan)>> _listings = [];
    private readonly HashSet<(int, int)> _overlapping = [];

    public UsageLedger Ledger => ledger;

    /// <summary>For <see cref="UsageLedger.RowOf"/> and <see cref="UsageLedger.Serve"/>.</summary>
    public int Configuration { get; } = ledger.BeginConfiguration();

    /// <summary>The configuration whose keys of files this one goes on with.</summary>
    public int FiledConfiguration { get; set; }

    /// <summary>The plans and what they were made of.</summary>
    public IReadOnlyCollection<(UsagePlanDefinition Definition, UsagePlan Plan)> Plans => _plans.Values;

    /// <summary>Adds a plan; false when there is one of its id.</summary>
    public bool TryAdd(UsagePlanDefinition definition, UsagePlan plan)
    {
        if (!_plans.TryAdd(definition.Id, (definition, plan))) return false;
        foreach (UsagePlanStageDefinition stage in definition.Stages)
        {
            (string, string) key = (stage.ApiId.ToLowerInvariant(), stage.Stage);
            if (!_listings.TryGetValue(key, out List<(UsagePlanStageDefinition Stage, UsagePlan Plan)>? listings)) _listings.Add(key, listings = []);
            foreach ((_, UsagePlan known) in listings)
            {
                if (ReferenceEquals(known, plan)) continue;
                _overlapping.Add((known.Live.Ordinal, plan.Live.Ordinal));
                _overlapping.Add((plan.Live.Ordinal, known.Live.Ordinal));
            }

            listings.Add((stage, plan));
        }

        return true;
    }

    public UsagePlan? FindOrNull(string id) => _plans.TryGetValue(id, out (UsagePlanDefinition, UsagePlan Plan) found) ? found.Plan : null;

    /// <summary>The plans that list an API stage, with what they say of it.</summary>
    /// <param name="apiId">In lower case.</param>
    /// <param name="stage">Compared with case.</param>
    public IReadOnlyList<(UsagePlanStageDefinition Stage, UsagePlan Plan)> ListingsOf(string apiId, string stage) =>
        _listings.TryGetValue((apiId, stage), out List<(UsagePlanStageDefinition Stage, UsagePlan Plan)>? found) ? found : [];

    /// <summary>Whether two plans list one API stage, so that no key can be in both.</summary>
    public bool Overlap(UsagePlanLive one, UsagePlanLive other) => _overlapping.Contains((one.Ordinal, other.Ordinal));

    /// <summary>Puts the plans in force.</summary>
    /// <param name="keys">The keys that are in them.</param>
    public void Serve(KeyTable keys)
    {
        foreach ((UsagePlanDefinition definition, UsagePlan plan) in _plans.Values) plan.Live.KeepBuckets(method => Limits(definition, method));
        ledger.Serve(Configuration, [.. _plans.Values.Select(static made => (made.Plan.Live, made.Plan.Quota))], FiledConfiguration, keys);
    }

    private static bool Limits(UsagePlanDefinition definition, (string Api, string Stage, string Path, string Verb) method)
    {
        foreach (UsagePlanStageDefinition stage in definition.Stages)
        {
            if (stage.Stage != method.Stage || !string.Equals(stage.ApiId, method.Api, StringComparison.OrdinalIgnoreCase)) continue;
            foreach (UsagePlanMethodDefinition limited in stage.Methods)
            {
                if (limited.ResourcePath == method.Path && limited.Verb == method.Verb) return true;
            }
        }

        return false;
    }

    /// <summary>Whether two items mean one API stage.</summary>
    public static bool IsSame(UsagePlanStageDefinition one, UsagePlanStageDefinition other) =>
        one.Stage == other.Stage && string.Equals(one.ApiId, other.ApiId, StringComparison.OrdinalIgnoreCase);
}
