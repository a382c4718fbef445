using System.Globalization;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Judges usage plans and compiles them, as far as they stand alone (rest-api.md 9.2).</summary>
internal static class CompileUsagePlans
{
    public static UsagePlanSet Run(IReadOnlyList<UsagePlanDefinition> definitions, UsageLedger ledger, ProblemList problems)
    {
        var plans = new UsagePlanSet(ledger);
        foreach (UsagePlanDefinition definition in definitions)
        {
            CheckStages(definition, problems);
            Rate? rate = Rate.From(definition.RateLimit, definition.BurstLimit) is null ? null : Rate.InSixteenths(definition.RateLimit!.Value, definition.BurstLimit!.Value);
            var plan = new UsagePlan(ledger.PlanOf(definition.Id, plans.Configuration), rate, QuotaOf(definition, problems));
            if (plans.TryAdd(definition, plan)) continue;
            problems.Error(ProblemCode.NotAllowed, definition.Origin, $"The usage plan {definition.Id} is described twice. Put all of it in one place, or give one of them another id.");
        }

        return plans;
    }

    private static void CheckStages(UsagePlanDefinition definition, ProblemList problems)
    {
        for (int i = 0; i < definition.Stages.Count; i++)
        {
            UsagePlanStageDefinition stage = definition.Stages[i];
            for (int j = 0; j < i; j++)
            {
                if (!UsagePlanSet.IsSame(stage, definition.Stages[j])) continue;
                problems.Error(ProblemCode.NotAllowed, stage.Origin, $"The usage plan {definition.Id} lists stage {stage.Stage} of the API {stage.ApiId} twice. Put what is said of it in one place.");
                break;
            }
        }
    }

    private static Quota? QuotaOf(UsagePlanDefinition definition, ProblemList problems)
    {
        if (definition.QuotaLimit is not { } limit)
        {
            if (definition.QuotaPeriod is not null) problems.Error(ProblemCode.Missing, definition.Origin, $"The quota of the usage plan {definition.Id} has a period and no limit. Add how many requests a key has in it.");
            return null;
        }

        if (definition.QuotaPeriod is not { } word)
        {
            problems.Error(ProblemCode.Missing, definition.Origin, $"The quota of the usage plan {definition.Id} has no period. Say DAY, WEEK or MONTH.");
            return null;
        }

        (QuotaPeriod period, int mostOffset) = word switch
        {
            "DAY" => (QuotaPeriod.Day, 0),
            "WEEK" => (QuotaPeriod.Week, 6),
            _ => (QuotaPeriod.Month, Quota.MostOffset),
        };
        if (definition.QuotaOffset < 0 || definition.QuotaOffset > mostOffset)
        {
            problems.Error(ProblemCode.OutOfRange, definition.Origin, string.Create(
                CultureInfo.InvariantCulture, $"The quota of the usage plan {definition.Id} has the offset {definition.QuotaOffset}; with the period {word} it is 0 to {mostOffset}. Correct it."));
        }

        return new Quota(limit, period, definition.QuotaOffset);
    }
}
