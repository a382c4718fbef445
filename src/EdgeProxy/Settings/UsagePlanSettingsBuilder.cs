using System.Globalization;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>Makes API keys and usage plans of collected values.</summary>
internal static class UsagePlanSettingsBuilder
{
    public static IReadOnlyList<ApiKeySettings> Keys(SettingValues values, ProblemList problems)
    {
        var keys = new List<ApiKeySettings>();
        foreach (int index in values.IndexesOf("apiKeys.keys"))
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"apiKeys.keys[{index}]");
            Origin? origin = values.OriginOf(at + ".value") ?? values.OriginOf(at + ".id");
            if (values.TextOrNull(at + ".value") is not { } value)
            {
                // Only the environment can name a part of a key that the file does not have.
                problems.Error(ProblemCode.Missing, origin, $"\"{at}\" has no \"value\". Add it.");
                continue;
            }

            keys.Add(new ApiKeySettings(values.TextOrNull(at + ".id"), values.TextOrNull(at + ".name"), value, values.Boolean(at + ".enabled"), values.TextOrNull(at + ".customerId"), origin));
        }

        return keys;
    }

    public static IReadOnlyList<UsagePlanDefinition> Plans(SettingValues values, ProblemList problems)
    {
        var plans = new List<UsagePlanDefinition>();
        foreach (int index in values.IndexesOf("usagePlans"))
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"usagePlans[{index}]");
            if (values.TextOrNull(at + ".id") is not { } id)
            {
                problems.Error(ProblemCode.Missing, values.OriginOf(at + ".name"), $"\"{at}\" has no \"id\". Add it.");
                continue;
            }

            ThrottleSettings? throttle = values.ThrottleOrNull(at + ".throttle");
            plans.Add(new UsagePlanDefinition
            {
                Id = id,
                Name = values.TextOrNull(at + ".name"),
                Origin = values.OriginOf(at + ".id"),
                RateLimit = throttle?.Rate,
                BurstLimit = throttle?.Burst,
                QuotaLimit = values.Has(at + ".quota.limit") ? values.Number(at + ".quota.limit") : null,
                QuotaPeriod = values.TextOrNull(at + ".quota.period"),
                QuotaOffset = values.Count(at + ".quota.offset"),
                Stages = values.Stages(at + ".apis"),
                KeyIds = values.Texts(at + ".keys"),
            });
        }

        return plans;
    }
}
