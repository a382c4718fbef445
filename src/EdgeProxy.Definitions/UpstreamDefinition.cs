namespace EdgeProxy.Definitions;

/// <summary><c>x-edgeproxy-upstream</c>: what EdgeProxy can do with a back end beyond API Gateway. Of an integration, or of an API for all of them.</summary>
public sealed record UpstreamDefinition
{
    /// <summary>The object.</summary>
    public Origin? Origin { get; init; }

    /// <summary>The version of HTTP; null for the node's setting.</summary>
    public UpstreamProtocol? Protocol { get; init; }

    /// <summary>Whether trailers pass: null for over HTTP/2 only.</summary>
    public bool? Trailers { get; init; }

    /// <summary>PEM file of the authorities to trust; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file of the certificate to show; null for none.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>PEM file of its key; null when it stands in the certificate's file.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>The name to ask for and to verify; null for the host.</summary>
    public string? ServerName { get; init; }

    /// <summary>Where requests are sent in place of the URI's host; null for what the API says, empty for the URI's host alone.</summary>
    public IReadOnlyList<TargetDefinition>? Targets { get; init; }

    /// <summary>How one of several targets is chosen; null for the node's setting.</summary>
    public TargetBalance? Balance { get; init; }

    /// <summary>Statuses, and ranges of them, by which a target has failed; null for the node's setting.</summary>
    public IReadOnlyList<string>? FailureStatuses { get; init; }

    /// <summary>Share of targets in order, of a hundred, below which requests go to all; null for the node's setting.</summary>
    public int? PanicPercent { get; init; }

    /// <summary>Further attempts; null for the node's settings.</summary>
    public RetryDefinition? Retries { get; init; }

    /// <summary>When targets are left out; null for the node's settings.</summary>
    public EjectionDefinition? Ejection { get; init; }

    /// <summary>When the upstream is given up; null for the node's settings.</summary>
    public CircuitDefinition? Circuit { get; init; }

    /// <summary>How targets are asked whether they work; null for not at all.</summary>
    public HealthCheckDefinition? Health { get; init; }

    /// <summary>How many requests may be under way at once; null for the node's setting.</summary>
    public UpstreamCapDefinition? Concurrency { get; init; }

    /// <summary>Takes what is not said here from the API's.</summary>
    public UpstreamDefinition Over(UpstreamDefinition? api) => api is null ? this : this with
    {
        Protocol = Protocol ?? api.Protocol,
        Trailers = Trailers ?? api.Trailers,
        CaFile = CaFile ?? api.CaFile,
        ClientCertificateFile = ClientCertificateFile ?? api.ClientCertificateFile,
        ClientKeyFile = ClientCertificateFile is null ? ClientKeyFile ?? api.ClientKeyFile : ClientKeyFile,
        ServerName = ServerName ?? api.ServerName,
        Targets = Targets ?? api.Targets,
        Balance = Balance ?? api.Balance,
        FailureStatuses = FailureStatuses ?? api.FailureStatuses,
        PanicPercent = PanicPercent ?? api.PanicPercent,
        Retries = Retries ?? api.Retries,
        Ejection = Ejection ?? api.Ejection,
        Circuit = Circuit ?? api.Circuit,
        Health = Health ?? api.Health,
        Concurrency = Concurrency ?? api.Concurrency,
    };
}
