namespace EdgeProxy.ControlPlane.Management;

/// <summary>The settings of <see cref="ManagementLimits"/>, by which <see cref="Reply.Limit"/> and <c>edgeproxy_limit_hits_total</c> name them.</summary>
public static class LimitNames
{
    public const string Apis = "management.limits.apis";
    public const string Resources = "management.limits.resources";
    public const string Stages = "management.limits.stages";
    public const string AutoDeployments = "management.limits.autoDeployments";
    public const string Entries = "management.limits.entries";
    public const string Authorizers = "management.limits.authorizers";
    public const string StageVariables = "management.limits.stageVariables";
    public const string Tags = "management.limits.tags";
    public const string DocumentationParts = "management.limits.documentationParts";
    public const string Definitions = "management.limits.definitions";
    public const string ModelSchema = "management.limits.modelSchema";
    public const string DocumentationPart = "management.limits.documentationPart";
    public const string DocumentationVersions = "management.limits.documentationVersions";
    public const string Certificate = "management.limits.certificate";
    public const string Policy = "management.limits.policy";
    public const string Path = "management.limits.path";
    public const string ApiKeys = "management.limits.apiKeys";
    public const string UsagePlans = "management.limits.usagePlans";
    public const string UsagePlansPerKey = "management.limits.usagePlansPerKey";
    public const string MethodThrottles = "management.limits.methodThrottles";
    public const string VpcLinks = "management.limits.vpcLinks";
    public const string ClientCertificates = "management.limits.clientCertificates";
    public const string ApiMappings = "management.limits.apiMappings";
    public const string DomainNames = "management.limits.domainNames";
    public const string RoutingRules = "management.limits.routingRules";
    public const string JwtAudiences = "management.limits.jwtAudiences";
    public const string Members = "management.limits.members";
    public const string PatchOperations = "management.limits.patchOperations";
    public const string ListEntries = "management.limits.listEntries";
    public const string Document = "management.limits.document";
    public const string FlattenedModel = "management.limits.flattenedModel";
    public const string TestAnswer = "management.limits.testAnswer";
    public const string AuthorizerReply = "management.limits.authorizerReply";
}
