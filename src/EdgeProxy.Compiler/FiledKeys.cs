using System.Text;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Compiler;

/// <summary>The API keys of settings and their file, read once for a configuration: calls put theirs over them.</summary>
/// <param name="table">The keys.</param>
/// <param name="configuration">By which the ledger knows their rows.</param>
/// <param name="memberships">The plans that keys are in, each set once.</param>
internal sealed class FiledKeys(KeyTable table, int configuration, IReadOnlyCollection<UsagePlanLive[]> memberships)
{
    private HashSet<(int Key, int Plan)>? _listed;

    public KeyTable Table => table;

    public int Configuration => configuration;

    /// <summary>Remembers which of the keys the plans list, as they were when the table was made.</summary>
    public FiledKeys With(UsagePlanSet plans)
    {
        _listed = ListedBy(plans);
        return this;
    }

    /// <summary>Whether the table would come out the same, and without a problem, with other plans.</summary>
    public bool HoldsWith(UsagePlanSet plans)
    {
        foreach (UsagePlanLive[] membership in memberships)
        {
            for (int i = 0; i < membership.Length; i++)
            {
                if (!ReferenceEquals(plans.FindOrNull(membership[i].Id)?.Live, membership[i])) return false;
                for (int j = 0; j < i; j++)
                {
                    if (plans.Overlap(membership[i], membership[j])) return false;
                }
            }
        }

        return ListedBy(plans).SetEquals(_listed!);
    }

    private HashSet<(int Key, int Plan)> ListedBy(UsagePlanSet plans)
    {
        var listed = new HashSet<(int Key, int Plan)>();
        if (table.Count == 0) return listed;
        foreach ((UsagePlanDefinition definition, UsagePlan plan) in plans.Plans)
        {
            foreach (string id in definition.KeyIds)
            {
                int key = plans.Ledger.FindKey(Encoding.UTF8.GetBytes(id));
                if (key >= 0 && table.NumberOf(key) >= 0) listed.Add((key, plan.Live.Ordinal));
            }
        }

        return listed;
    }
}
