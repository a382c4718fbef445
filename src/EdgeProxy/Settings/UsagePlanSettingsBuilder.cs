using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>Makes API keys and usage plans of collected values.</summary>
internal static class UsagePlanSettingsBuilder
{
    public static IReadOnlyList<ApiKeySettings> Keys(SettingValues values, ProblemList problems)
    {
        var keys = new List<ApiKeySettings>();
        foreach (string at in values.ItemsOf("apiKeys.keys"))
        {
            Origin? origin = values.OriginOf(at + ".value") ?? values.OriginOf(at + ".id");
            if (values.RequiredOrNull(at, "value", origin, problems) is not { } value) continue;
            keys.Add(new ApiKeySettings(values.TextOrNull(at + ".id"), values.TextOrNull(at + ".name"), value, values.Boolean(at + ".enabled"), values.TextOrNull(at + ".customerId"), origin));
        }

        return keys;
    }

    public static IReadOnlyList<UsagePlanDefinition> Plans(SettingValues values, ProblemList problems)
    {
        var plans = new List<UsagePlanDefinition>();
        foreach (string at in values.ItemsOf("usagePlans"))
        {
            if (values.RequiredOrNull(at, "id", values.OriginOf(at + ".name"), problems) is not { } id) continue;
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
