namespace EdgeProxy.Load.Vocabulary;

/// <summary>Finds statistics by name.</summary>
internal static class StatsExtensions
{
    public static ScenarioStats Get(this IReadOnlyList<ScenarioStats> all, string name) => all.First(stats => stats.ScenarioName == name);

    public static StepStats Get(this IReadOnlyList<StepStats> all, string name) => all.First(stats => stats.StepName == name);

    public static StepStats? Find(this IReadOnlyList<StepStats> all, string name) => all.FirstOrDefault(stats => stats.StepName == name);

    /// <exception cref="InvalidOperationException">It did not come; ask <see cref="Exists"/> first.</exception>
    public static StatusCodeStats Get(this IReadOnlyList<StatusCodeStats> all, string status) => all.First(stats => stats.StatusCode == status);

    public static StatusCodeStats? Find(this IReadOnlyList<StatusCodeStats> all, string status) => all.FirstOrDefault(stats => stats.StatusCode == status);

    public static bool Exists(this IReadOnlyList<StatusCodeStats> all, string status) => all.Any(stats => stats.StatusCode == status);
}
