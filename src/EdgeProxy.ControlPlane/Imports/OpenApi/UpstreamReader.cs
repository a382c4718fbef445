using System.Globalization;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Reads <c>x-edgeproxy-upstream</c>, at the root or in an integration.</summary>
internal sealed class UpstreamReader(ImportContext context)
{
    public const string Name = "x-edgeproxy-upstream";

    private static readonly string[] Members = ["protocol", "trailers", "tls", "targets", "balance", "failureStatuses", "panicPercent", "retries", "ejection", "circuit", "health", "concurrency"];
    private const int MostTargets = 64; // one bit each in the words that say which were tried
    private const int MostWeight = 100;

    private static readonly string[] TargetMembers = ["address", "weight"];
    private static readonly string[] TlsMembers = ["caFile", "clientCertificateFile", "clientKeyFile", "serverName"];

    private readonly UpstreamPolicyReader _policy = new(context);

    /// <summary>Reads the extension in an object; null when there is none.</summary>
    public UpstreamDefinition? ReadOrNull(DocumentNode parent)
    {
        if (parent.Find(Name) is not { IsNull: false } node || !node.ExpectMapping(Name, context.Problems)) return null;
        node.ExpectKeys(Name, Members, context.Problems);
        DocumentNode? tls = node.Find("tls") is { IsNull: false } found && found.ExpectMapping("tls", context.Problems) ? found : null;
        tls?.ExpectKeys("tls", TlsMembers, context.Problems);
        return new UpstreamDefinition
        {
            Origin = node.Origin,
            Protocol = node.Find("protocol") is { IsNull: false } protocol ? ReadProtocol(protocol) : null,
            Trailers = node.Find("trailers") is { IsNull: false } trailers ? trailers.ExpectBoolean("trailers", context.Problems) : null,
            CaFile = PathOf(tls, "caFile"),
            ClientCertificateFile = PathOf(tls, "clientCertificateFile"),
            ClientKeyFile = PathOf(tls, "clientKeyFile"),
            ServerName = tls is null ? null : context.TextOf(tls, "serverName", "serverName"),
            Targets = node.Find("targets") is { IsNull: false } targets ? ReadTargets(targets) : null,
            Balance = node.Find("balance") is { IsNull: false } balance ? ReadBalance(balance) : null,
            FailureStatuses = _policy.TextsOrNull(node, "failureStatuses"),
            PanicPercent = _policy.PercentOrNull(node, "panicPercent"),
            Retries = _policy.ReadRetries(node),
            Ejection = _policy.ReadEjection(node),
            Circuit = _policy.ReadCircuit(node),
            Health = _policy.ReadHealth(node),
            Concurrency = _policy.ReadConcurrency(node),
        };
    }

    private TargetDefinition[]? ReadTargets(DocumentNode node)
    {
        if (!node.ExpectSequence("targets", context.Problems)) return null;
        if (node.Items.Count > MostTargets)
        {
            context.Problems.Error(ProblemCode.OutOfRange, node.Origin, string.Create(CultureInfo.InvariantCulture, $"targets has {node.Items.Count} items; the limit is {MostTargets}. Name a load balancer of your own, or a host name that has their addresses."));
            return null;
        }

        var targets = new List<TargetDefinition>();
        foreach (DocumentNode item in node.Items)
        {
            if (ReadTarget(item) is { } target) targets.Add(target);
        }

        if (targets.Count > 0 && targets.TrueForAll(static target => target.Weight == 0))
        {
            context.Problems.Error(ProblemCode.OutOfRange, node.Origin, "Every one of the targets has the weight 0, so that none may take a request. Give one of them another.");
        }

        return [.. targets];
    }

    // Written alone, an address has the weight 1.
    private TargetDefinition? ReadTarget(DocumentNode node)
    {
        if (node.TryGetString(out string alone)) return new TargetDefinition(alone, 1, node.Origin);
        if (!node.ExpectMapping("an item of targets", context.Problems)) return null;
        node.ExpectKeys("an item of targets", TargetMembers, context.Problems);
        if (context.TextOf(node, "address", "address of a target") is not { } address)
        {
            if (node.Find("address") is null) context.Problems.Error(ProblemCode.Missing, node.Origin, "address of the target is missing. Say host or host:port.");
            return null;
        }

        long? weight = node.Find("weight") is { IsNull: false } written ? written.ExpectInteger("weight", 0, MostWeight, context.Problems) : 1;
        return new TargetDefinition(address, (int)(weight ?? 1), node.Origin);
    }

    private TargetBalance? ReadBalance(DocumentNode node) =>
        node.ExpectOneOf("balance", ["weighted", "least-loaded"], StringComparison.Ordinal, context.Problems) switch
        {
            "weighted" => TargetBalance.Weighted,
            "least-loaded" => TargetBalance.LeastLoaded,
            _ => null,
        };

    private UpstreamProtocol? ReadProtocol(DocumentNode node) =>
        node.ExpectOneOf("protocol", ["http1", "h2", "auto"], StringComparison.OrdinalIgnoreCase, context.Problems) switch
        {
            "http1" => UpstreamProtocol.Http1,
            "h2" => UpstreamProtocol.Http2,
            "auto" => UpstreamProtocol.Auto,
            _ => null,
        };

    // As every path in a file of settings, a relative one starts at the file it stands in.
    private string? PathOf(DocumentNode? tls, string member)
    {
        if (tls is null || context.TextOf(tls, member, member) is not { } path) return null;
        return Path.Combine(Path.GetDirectoryName(tls.Origin.Document) ?? "", path);
    }
}
