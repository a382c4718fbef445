using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Reads those members of <c>x-edgeproxy-upstream</c> that say what becomes of failures.</summary>
internal sealed class UpstreamPolicyReader(ImportContext context)
{
    private const int Day = 24 * 60 * 60 * 1000;
    private const int MostRequests = 1_000_000;

    private static readonly string[] RetryMembers = ["attempts", "tryTimeoutInMillis", "on", "nonIdempotent", "budgetPercent", "budgetPerSecond", "backoffInMillis"];
    private static readonly string[] EjectionMembers = ["consecutiveFailures", "failurePercent", "leastRequests", "timeInMillis", "mostTimeInMillis", "mostPercent"];
    private static readonly string[] HealthMembers = ["path", "intervalInMillis", "timeoutInMillis", "statuses", "healthy", "unhealthy"];
    private static readonly string[] ConcurrencyMembers = ["max", "queue", "waitInMillis"];
    private static readonly string[] CircuitMembers = ["failurePercent", "leastRequests", "openTimeInMillis", "mostOpenTimeInMillis", "probes"];

    public RetryDefinition? ReadRetries(DocumentNode parent) => ObjectOrNull(parent, "retries", RetryMembers) is not { } node ? null : new RetryDefinition
    {
        Origin = node.Origin,
        Attempts = NumberOrNull(node, "attempts", 1, 10),
        TryTimeoutInMillis = NumberOrNull(node, "tryTimeoutInMillis", 0, Day),
        On = TextsOrNull(node, "on"),
        NonIdempotent = node.Find("nonIdempotent") is { IsNull: false } written ? written.ExpectBoolean("nonIdempotent", context.Problems) : null,
        BudgetPercent = PercentOrNull(node, "budgetPercent"),
        BudgetPerSecond = NumberOrNull(node, "budgetPerSecond", 0, MostRequests),
        BackoffInMillis = NumberOrNull(node, "backoffInMillis", 0, 60_000),
    };

    public EjectionDefinition? ReadEjection(DocumentNode parent) => ObjectOrNull(parent, "ejection", EjectionMembers) is not { } node ? null : new EjectionDefinition
    {
        ConsecutiveFailures = NumberOrNull(node, "consecutiveFailures", 0, MostRequests),
        FailurePercent = PercentOrNull(node, "failurePercent"),
        LeastRequests = NumberOrNull(node, "leastRequests", 1, MostRequests),
        TimeInMillis = NumberOrNull(node, "timeInMillis", 1, Day),
        MostTimeInMillis = NumberOrNull(node, "mostTimeInMillis", 1, Day),
        MostPercent = PercentOrNull(node, "mostPercent"),
    };

    public CircuitDefinition? ReadCircuit(DocumentNode parent) => ObjectOrNull(parent, "circuit", CircuitMembers) is not { } node ? null : new CircuitDefinition
    {
        FailurePercent = PercentOrNull(node, "failurePercent"),
        LeastRequests = NumberOrNull(node, "leastRequests", 1, MostRequests),
        OpenTimeInMillis = NumberOrNull(node, "openTimeInMillis", 1, Day),
        MostOpenTimeInMillis = NumberOrNull(node, "mostOpenTimeInMillis", 1, Day),
        Probes = NumberOrNull(node, "probes", 1, 1000),
    };

    public HealthCheckDefinition? ReadHealth(DocumentNode parent) => ObjectOrNull(parent, "health", HealthMembers) is not { } node ? null : new HealthCheckDefinition
    {
        Origin = node.Origin,
        Path = context.TextOf(node, "path", "path"),
        IntervalInMillis = NumberOrNull(node, "intervalInMillis", 10, Day),
        TimeoutInMillis = NumberOrNull(node, "timeoutInMillis", 1, Day),
        Statuses = TextsOrNull(node, "statuses"),
        Healthy = NumberOrNull(node, "healthy", 1, 1000),
        Unhealthy = NumberOrNull(node, "unhealthy", 1, 1000),
    };

    // Without a queue nobody waits; without a time for at most a second: as apis[].concurrency.
    public UpstreamCapDefinition? ReadConcurrency(DocumentNode parent)
    {
        if (ObjectOrNull(parent, "concurrency", ConcurrencyMembers) is not { } node) return null;
        int? max = NumberOrNull(node, "max", 1, MostRequests);
        if (node.Find("max") is null or { IsNull: true }) context.Problems.Error(ProblemCode.Missing, node.Origin, "concurrency has no max. Say how many requests may be under way at once.");
        return new UpstreamCapDefinition(max ?? 1, NumberOrNull(node, "queue", 0, MostRequests) ?? 0, NumberOrNull(node, "waitInMillis", 1, 60 * 60 * 1000) ?? 1000);
    }

    /// <summary>A list in which numbers and texts may stand; null when there is none.</summary>
    public IReadOnlyList<string>? TextsOrNull(DocumentNode parent, string member)
    {
        if (parent.Find(member) is not { IsNull: false } node || !node.ExpectSequence(member, context.Problems)) return null;
        var texts = new List<string>();
        foreach (DocumentNode item in node.Items)
        {
            if (item.ExpectText($"An item of {member}", context.Problems) is { } text) texts.Add(text);
        }

        return texts;
    }

    public int? PercentOrNull(DocumentNode parent, string member) => NumberOrNull(parent, member, 0, 100);

    private int? NumberOrNull(DocumentNode parent, string member, int least, int most) =>
        parent.Find(member) is { IsNull: false } node ? (int?)node.ExpectInteger(member, least, most, context.Problems) : null;

    private DocumentNode? ObjectOrNull(DocumentNode parent, string member, string[] members)
    {
        if (parent.Find(member) is not { IsNull: false } node || !node.ExpectMapping(member, context.Problems)) return null;
        node.ExpectKeys(member, members, context.Problems);
        return node;
    }
}
