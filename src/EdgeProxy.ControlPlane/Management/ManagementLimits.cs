namespace EdgeProxy.ControlPlane.Management;

/// <summary>How many of what there may be (control-plane.md 9); beyond it <c>LimitExceededException</c>.</summary>
public sealed record ManagementLimits
{
    public int ResourcesPerApi { get; init; } = 10_000;

    /// <summary>Of a map or a list within one request.</summary>
    public int Entries { get; init; } = 500;

    public int StagesPerApi { get; init; } = 10;

    /// <summary>Deployments of an HTTP or WebSocket API that made themselves and that no stage serves any more; older ones are removed.</summary>
    public int AutoDeploymentsKept { get; init; } = 10;

    public int AuthorizersPerApi { get; init; } = 10;

    public int StageVariables { get; init; } = 100;

    public int Tags { get; init; } = 50;

    public int DocumentationParts { get; init; } = 2000;

    /// <summary>Characters of a resource's path; the service limits a method's ARN, which holds it, to 1,600 bytes.</summary>
    public int PathCharacters { get; init; } = 1500;

    /// <summary>Models of an API, and request validators of an API.</summary>
    public int DefinitionsPerApi { get; init; } = 10_000;

    /// <summary>Bytes of a model's schema.</summary>
    public int ModelSchemaBytes { get; init; } = 400 * 1024;

    /// <summary>Bytes of a documentation part's properties.</summary>
    public int DocumentationPartBytes { get; init; } = 64 * 1024;

    /// <summary>Documentation versions of an API, each of which keeps all parts.</summary>
    public int DocumentationVersions { get; init; } = 100;

    /// <summary>Characters of a resource policy.</summary>
    public int PolicyCharacters { get; init; } = 8192;

    /// <summary>How long the node waits for integrations: setting <c>timeouts.integration</c>. They may ask for as much where it is more than the service takes.</summary>
    public int IntegrationTimeoutMilliseconds { get; init; } = 29_000;

    public int Apis { get; init; } = 100_000;

    public int ApiKeys { get; init; } = 1_000_000;

    public int UsagePlans { get; init; } = 10_000;

    public int UsagePlansPerKey { get; init; } = 10;

    public int MethodThrottlesPerStage { get; init; } = 20;

    public int VpcLinks { get; init; } = 1000;

    public int ClientCertificates { get; init; } = 1000;

    public int ApiMappingsPerDomain { get; init; } = 1000;

    public int DomainNames { get; init; } = 10_000;

    /// <summary>Of a domain (http-api.md 17).</summary>
    public int RoutingRules { get; init; } = 50;

    /// <summary>Of a JWT authorizer, for each issuer; and issuers of one.</summary>
    public int JwtAudiences { get; init; } = 50;

    /// <summary>Members of any object within a request. Objects are looked through from end to end.</summary>
    public int Members { get; init; } = 2000;

    /// <summary>Of one request.</summary>
    public int PatchOperations { get; init; } = 1000;

    /// <summary>Of a list that patches add to, which is looked through from end to end.</summary>
    public int ListEntries { get; init; } = 1000;

    /// <summary>Bytes of a document to import (openapi-and-templates.md 4.1).</summary>
    public int DocumentBytes { get; init; } = 6 * 1024 * 1024;

    /// <summary>Values of a model that is asked for without references, and with each as many more as its text has characters.</summary>
    public int FlattenedModel { get; init; } = 4_000_000;

    /// <summary>Bytes of an answer's body that a test of a method shows.</summary>
    public int TestAnswerBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Bytes that the function of an authorizer may answer when it is tested.</summary>
    public int AuthorizerReplyBytes { get; init; } = 256 * 1024;

    /// <summary>Bytes of a domain name's certificate that is given as text, with its chain and key.</summary>
    public int CertificateBytes { get; init; } = 64 * 1024;
}
