using EdgeProxy.Definitions;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Compiler;

/// <summary>The usage plans of a configuration, compiled as far as they need no API.</summary>
/// <param name="ledger">What lives on of plans and keys.</param>
internal sealed class UsagePlanSet(UsageLedger ledger)
{
    private readonly Dictionary<string, (UsagePlanDefinition Definition, UsagePlan Plan)> _plans = new(StringComparer.Ordinal);
    private readonly HashSet<(int, int)> _overlapping = [];

    public UsageLedger Ledger => ledger;

    /// <summary>For <see cref="UsageLedger.RowOf"/> and <see cref="UsageLedger.Serve"/>.</summary>
    public int Configuration { get; } = ledger.BeginConfiguration();

    /// <summary>The plans and what they were made of.</summary>
    public IReadOnlyCollection<(UsagePlanDefinition Definition, UsagePlan Plan)> Plans => _plans.Values;

    /// <summary>Adds a plan; false when there is one of its id.</summary>
    public bool TryAdd(UsagePlanDefinition definition, UsagePlan plan)
    {
        if (!_plans.TryAdd(definition.Id, (definition, plan))) return false;
        foreach ((UsagePlanDefinition other, UsagePlan known) in _plans.Values)
        {
            if (ReferenceEquals(known, plan) || !other.Stages.Any(stage => definition.Stages.Any(own => IsSame(own, stage)))) continue;
            _overlapping.Add((known.Live.Ordinal, plan.Live.Ordinal));
            _overlapping.Add((plan.Live.Ordinal, known.Live.Ordinal));
        }

        return true;
    }

    public UsagePlan? FindOrNull(string id) => _plans.TryGetValue(id, out (UsagePlanDefinition, UsagePlan Plan) found) ? found.Plan : null;

    /// <summary>Whether two plans list one API stage, so that no key can be in both.</summary>
    public bool Overlap(UsagePlanLive one, UsagePlanLive other) => _overlapping.Contains((one.Ordinal, other.Ordinal));

    /// <summary>Puts the plans in force.</summary>
    public void Serve() => ledger.Serve(Configuration, [.. _plans.Values.Select(static made => (made.Plan.Live, made.Plan.Quota))]);

    /// <summary>Whether two items mean one API stage.</summary>
    public static bool IsSame(UsagePlanStageDefinition one, UsagePlanStageDefinition other) =>
        one.Stage == other.Stage && string.Equals(one.ApiId, other.ApiId, StringComparison.OrdinalIgnoreCase);
}
