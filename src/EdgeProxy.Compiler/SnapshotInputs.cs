using EdgeProxy.Compiler.Passes;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Compiler;

/// <summary>What a snapshot is made of besides APIs. Immutable: what is the same object is the same.</summary>
internal sealed class SnapshotInputs
{
    /// <summary>What requests depend on.</summary>
    public required GatewaySettings Settings { get; init; }

    /// <summary>For routes without settings of their own.</summary>
    public required RouteSettings DefaultRouteSettings { get; init; }

    /// <summary>How definitions are judged.</summary>
    public CheckOptions Options { get; init; } = new();

    /// <summary>What is configured of custom domains; one without an API answers 403.</summary>
    public IReadOnlyList<DomainDefinition> Domains { get; init; } = [];

    /// <summary>Whether a Lambda function can be called; null when nobody knows, and then none is missed.</summary>
    public Func<FunctionName, bool>? IsFunction { get; init; }

    /// <summary>The usage plans.</summary>
    public required UsagePlanSet Plans { get; init; }

    /// <summary>The API keys of files among <see cref="Keys"/>; null where nobody read them.</summary>
    public FiledKeys? FiledKeys { get; init; }

    /// <summary>The API keys that are in them.</summary>
    public KeyTable Keys { get; init; } = KeyTable.Empty;

    /// <summary>What VPC links stand for, by id.</summary>
    public required IReadOnlyDictionary<string, VpcLink> VpcLinks { get; init; }

    /// <summary>What upstreams are shown when they ask, by the id that a stage names it with: files, or names that stand for them.</summary>
    public required IReadOnlyDictionary<string, (string Certificate, string Key)> ClientCertificates { get; init; }

    /// <summary>Whether stages come out the same as with others, but for their usage plans. Client certificates do not change under one id.</summary>
    public bool BindsAs(SnapshotInputs other) =>
        ReferenceEquals(Settings, other.Settings) && ReferenceEquals(DefaultRouteSettings, other.DefaultRouteSettings)
        && ReferenceEquals(IsFunction, other.IsFunction) && ReferenceEquals(VpcLinks, other.VpcLinks);
}
