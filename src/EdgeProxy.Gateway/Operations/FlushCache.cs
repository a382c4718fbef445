using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Operations;

/// <summary>Empties the caches of an API's stages (rest-api.md 8).</summary>
public static class FlushCache
{
    /// <summary>Has everything that is cached for the stages found by nobody any more, at once and however much it is; its memory goes to other entries in time. Any thread.</summary>
    /// <param name="snapshots">What serves.</param>
    /// <param name="api">The API's id, or its name.</param>
    /// <param name="stage">The stage; null for all of the API's.</param>
    /// <returns>How many stages were flushed: 0 when there is none of these names.</returns>
    public static int Run(SnapshotHolder snapshots, string api, string? stage = null)
    {
        int flushed = 0;
        foreach (ApiEntry entry in snapshots.Current.Apis.ToArray())
        {
            bool isNamed = string.Equals(entry.Id.ToString(), api, StringComparison.OrdinalIgnoreCase);
            foreach (StagePlan plan in entry.Stages.ToArray())
            {
                if (!isNamed && plan.Api.Name.ToString() != api) continue;
                if (stage is not null && plan.Name.ToString() != stage) continue;
                plan.Live.FlushCache();
                flushed++;
            }
        }

        return flushed;
    }
}
