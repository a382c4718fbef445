namespace EdgeProxy.ControlPlane.Records;

/// <summary>What records are, as the store names them. A released name is never changed.</summary>
public static class Kinds
{
    // In scope "account".
    public const string Account = "account";
    public const string ApiKey = "apikey";
    public const string ClientCertificate = "clientcertificate";

    /// <summary>The private key of a client certificate, which no answer shows.</summary>
    public const string ClientCertificateKey = "clientcertificatekey";
    public const string UsagePlan = "usageplan";
    public const string VpcLink = "vpclink";
    public const string VpcLinkV2 = "vpclink2";
    public const string DomainNameAccessAssociation = "accessassociation";

    // In scope "restapis/{id}".
    public const string RestApi = "restapi";
    public const string Resource = "resource";

    /// <summary>A method with its responses and its integration within; the key is <c>{resourceId}/{VERB}</c>.</summary>
    public const string Method = "method";
    public const string Model = "model";
    public const string Authorizer = "authorizer";
    public const string RequestValidator = "requestvalidator";
    public const string GatewayResponse = "gatewayresponse";
    public const string DocumentationPart = "documentationpart";
    public const string DocumentationVersion = "documentationversion";

    /// <summary>The parts that a documentation version froze, <c>{"item":[DocumentationPart]}</c>, which no answer shows; the key is the version.</summary>
    public const string DocumentationSnapshot = "documentationsnapshot";
    public const string Deployment = "deployment";

    /// <summary>Which <see cref="StoredSnapshot"/> a deployment froze: <c>{"snapshot":"id"}</c>; the key is the deployment's.</summary>
    public const string DeploymentSnapshot = "deploymentsnapshot";

    /// <summary>Of an HTTP or WebSocket API, one record: the deployments that made themselves, oldest first, as <c>{"ids":[...]}</c>.</summary>
    public const string AutoDeployments = "autodeployments";
    public const string Stage = "stage";

    // In scope "apis/{id}" (HTTP and WebSocket APIs); authorizers, models, deployments and stages as above.
    public const string Api = "api";
    public const string Route = "route";

    /// <summary>The key is <c>{routeId}/{routeResponseId}</c>.</summary>
    public const string RouteResponse = "routeresponse";
    public const string Integration = "integration";

    /// <summary>The key is <c>{integrationId}/{integrationResponseId}</c>.</summary>
    public const string IntegrationResponse = "integrationresponse";

    // In scope "usageplans/{id}".
    public const string UsagePlanKey = "usageplankey";

    // In scope "domainnames/{name}".
    public const string DomainName = "domainname";

    /// <summary>A certificate given as text with its private key, which no answer shows.</summary>
    public const string DomainCertificate = "domaincertificate";

    /// <summary>A base path mapping (V1) and an API mapping (V2) alike; the key is the mapping's id.</summary>
    public const string ApiMapping = "apimapping";
    public const string RoutingRule = "routingrule";
}
