using EdgeProxy.ControlPlane.Audit;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Operations.TestInvocations;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>What management calls use besides records: the doors to the store and to the data plane.</summary>
public sealed record ManagementServices
{
    /// <summary>Where records are kept.</summary>
    public required IRecordStore Store { get; init; }

    /// <summary>Serves what was deployed.</summary>
    public required IPublisher Publisher { get; init; }

    /// <summary>What follows from changes, in this order, before they are kept.</summary>
    public IReadOnlyList<IEditStep> Steps { get; init; } = [new AutoDeploy(), new AutoDeployRest()];

    /// <summary>What API keys used; null where nobody counts.</summary>
    public ReadUsage? Usage { get; init; }

    /// <summary>Grants more of a quota; null where nobody counts.</summary>
    public SetUsage? SetUsage { get; init; }

    /// <summary>Keeps what was set of usage, now; false when it could not. Null where nothing is kept.</summary>
    public Func<bool>? KeepUsage { get; init; }

    /// <summary>Calls methods for real without a deployment, on its loop; null where there is none.</summary>
    public TestInvoke? Test { get; init; }

    /// <summary>Empties the cache of a stage (API id, stage name); null where there is none.</summary>
    public Action<string, string>? FlushCache { get; init; }

    /// <summary>What is wrong with a certificate for a domain name: of its PEM with the chain, its key's and the name; null for nothing. Null where nobody can tell.</summary>
    public Func<string, string, string, string?>? CheckCertificate { get; init; }

    /// <summary>Told of an API whose automatic deployment could not be served, and why; null where nobody listens.</summary>
    public Action<string, string>? DeploymentFailed { get; init; }

    /// <summary>Whether a certificate of the node has an ARN; null where nobody knows.</summary>
    public Func<string, bool>? HasCertificate { get; init; }

    /// <summary>Makes a client certificate and its key, both in PEM; null where nobody does.</summary>
    public Func<(byte[] Certificate, byte[] Key)>? NewClientCertificate { get; init; }

    /// <summary>Notes calls down; null where nobody does.</summary>
    public AuditTrail? Audit { get; init; }
}
