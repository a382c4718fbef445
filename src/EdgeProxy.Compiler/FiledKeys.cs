using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Compiler;

/// <summary>The API keys of settings and their file, read once for a configuration: calls put theirs over them.</summary>
/// <remarks>
/// A call never reads the file again: it may be half written just then, and it is the next reload that says what it says. Nor could a call have the table come out otherwise: the keys that
/// settings and stored plans list are others, so all that a call can do to these keys is to take away a plan that they name, or to have two of their plans meet. Both are refused.
/// </remarks>
/// <param name="table">The keys.</param>
/// <param name="configuration">By which the ledger knows their rows.</param>
/// <param name="memberships">The plans that keys are in, each set once, with the id of a key that is in them.</param>
internal sealed class FiledKeys(KeyTable table, int configuration, IReadOnlyDictionary<UsagePlanLive[], string> memberships)
{
    public KeyTable Table => table;

    public int Configuration => configuration;

    /// <summary>Judges the keys with other plans than those they were read with.</summary>
    /// <param name="plans">The plans.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public void Judge(UsagePlanSet plans, ProblemList problems)
    {
        foreach ((UsagePlanLive[] membership, string key) in memberships)
        {
            foreach (UsagePlanLive plan in membership)
            {
                if (plans.FindOrNull(plan.Id) is null) CompileApiKeys.TellMissing(problems, null, plan.Id);
            }

            if (CompileApiKeys.OverlapOrNull(plans, membership) is not ({ } one, { } other)) continue;
            CompileApiKeys.TellOverlap(problems, null, key, one, other);
        }
    }
}
