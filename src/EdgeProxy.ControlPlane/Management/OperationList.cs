namespace EdgeProxy.ControlPlane.Management;

/// <summary>All operations there are, family by family.</summary>
public static class OperationList
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        .. V1.AccountOperations.All,
        .. V1.ApiKeyOperations.All,
        .. V1.UsagePlanOperations.All,
        .. V1.UsagePlanKeyOperations.All,
        .. V1.UsageOperations.All,
        .. V1.ClientCertificateOperations.All,
        .. V1.VpcLinkOperations.All,
        .. V2.VpcLinkOperations.All,
        .. TagOperations.All,
        .. Audit.AuditOperations.All,
        .. V1.RestApiOperations.All,
        .. V1.ResourceOperations.All,
        .. V1.MethodOperations.All,
        .. V1.MethodResponseOperations.All,
        .. V1.IntegrationOperations.All,
        .. V1.IntegrationResponseOperations.All,
        .. V1.ModelOperations.All,
        .. V1.RequestValidatorOperations.All,
        .. V1.GatewayResponseOperations.All,
        .. V1.AuthorizerOperations.All,
        .. V1.DocumentationPartOperations.All,
        .. V1.DocumentationVersionOperations.All,
        .. V1.DomainNameOperations.All,
        .. V1.BasePathMappingOperations.All,
        .. V1.AccessAssociationOperations.All,
        .. V2.ApiOperations.All,
        .. V2.RouteOperations.All,
        .. V2.IntegrationOperations.All,
        .. V2.IntegrationResponseOperations.All,
        .. V2.RouteResponseOperations.All,
        .. V2.AuthorizerOperations.All,
        .. V2.ModelOperations.All,
        .. V2.StageOperations.All,
        .. V2.DeploymentOperations.All,
        .. V2.DomainNameOperations.All,
        .. V2.ApiMappingOperations.All,
        .. V2.RoutingRuleOperations.All,
        .. V1.DeploymentOperations.All,
        .. V1.StageOperations.All,
        .. V1.TestInvokeOperations.All,
    ];
}
