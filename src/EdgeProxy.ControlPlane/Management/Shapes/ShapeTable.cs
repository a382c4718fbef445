namespace EdgeProxy.ControlPlane.Management.Shapes;

/// <summary>The structures and enumerations that requests hold (control-plane.md 1.6, 2.3), by version of the service where they differ.</summary>
internal static class ShapeTable
{
    // A structure a line.
    private static readonly string[] s_structures =
    [
        "StageKey: restApiId:str stageName:str",
        "EndpointConfiguration: types:[enum<EndpointType>] ipAddressType:enum<IpAddressType> vpcEndpointIds:[str]",

        // Of REST APIs, whose values have error texts of their own.
        "RestEndpointConfiguration: types:[str] ipAddressType:str vpcEndpointIds:[str]",
        "MutualTlsAuthenticationInput: truststoreUri:str truststoreVersion:str",
        "ApiStage: apiId:str stage:str throttle:map<ThrottleSettings>",
        "ThrottleSettings: burstLimit:int rateLimit:double",
        "QuotaSettings: limit:int offset:int period:enum<QuotaPeriodType>",
        "JwtConfiguration: defaultAlgorithms*:[str] issuers*:[JwtIssuer]",
        "JwtIssuer: issuer*:str audiences*:[str] additionalClaims:[JwtAdditionalClaim]",
        "JwtAdditionalClaim: claimName*:str format*:str expectedValues:[str] required:bool",
        "DeploymentCanarySettings: percentTraffic:double stageVariableOverrides:map<str> useStageCache:bool",
        "CanarySettings: percentTraffic:double deploymentId:str stageVariableOverrides:map<str> useStageCache:bool",
        "DocumentationPartLocation: type*:enum<DocumentationPartType> path:str method:str statusCode:str name:str",
        "TlsConfig: insecureSkipVerification:bool",
        "PatchOperation: op:enum<Op> path:str value:str from:str",

        // V2
        "Cors: allowCredentials:bool allowHeaders:[str] allowMethods:[str] allowOrigins:[str] exposeHeaders:[str] maxAge:int",
        "ParameterConstraints: required:bool",
        "TlsConfigInput: serverNameToVerify:str",
        "JWTConfiguration: audience:[str] issuer:str",
        "RouteSettings: dataTraceEnabled:bool detailedMetricsEnabled:bool loggingLevel:enum<LoggingLevel> throttlingBurstLimit:int throttlingRateLimit:double",
        "AccessLogSettings: destinationArn:str format:str",
        "DomainNameConfiguration: apiGatewayDomainName:str certificateArn:str certificateName:str certificateUploadDate:str domainNameStatus:str domainNameStatusMessage:str endpointType:enum<EndpointTypeV2> hostedZoneId:str ipAddressType:enum<IpAddressType> securityPolicy:enum<SecurityPolicy> ownershipVerificationCertificateArn:str",
        "RoutingRuleAction: invokeApi*:RoutingRuleActionInvokeApi",
        "RoutingRuleActionInvokeApi: apiId*:str stage*:str stripBasePath:bool",
        "RoutingRuleCondition: matchBasePaths:RoutingRuleMatchBasePaths matchHeaders:RoutingRuleMatchHeaders",
        "RoutingRuleMatchBasePaths: anyOf*:[str]",
        "RoutingRuleMatchHeaders: anyOf*:[RoutingRuleMatchHeaderValue]",
        "RoutingRuleMatchHeaderValue: header*:str valueGlob*:str",
    ];

    // An enumeration a line.
    private static readonly string[] s_enumerations =
    [
        "AccessAssociationSourceType: VPCE",
        "ApiKeySourceType: HEADER AUTHORIZER",
        "AuthorizerType: TOKEN REQUEST COGNITO_USER_POOLS JWT",
        "CacheClusterSize: 0.5 1.6 6.1 13.5 28.4 58.2 118 237",
        "ConnectionType: INTERNET VPC_LINK",
        "ContentHandlingStrategy: CONVERT_TO_BINARY CONVERT_TO_TEXT",
        "DocumentationPartType: API AUTHORIZER MODEL RESOURCE METHOD PATH_PARAMETER QUERY_PARAMETER REQUEST_HEADER REQUEST_BODY RESPONSE RESPONSE_HEADER RESPONSE_BODY",
        "EndpointAccessMode: BASIC STRICT",
        "EndpointType: REGIONAL EDGE PRIVATE",
        "EndpointTypeV2: REGIONAL EDGE",
        "GatewayResponseType: DEFAULT_4XX DEFAULT_5XX RESOURCE_NOT_FOUND UNAUTHORIZED INVALID_API_KEY ACCESS_DENIED AUTHORIZER_FAILURE AUTHORIZER_CONFIGURATION_ERROR INVALID_SIGNATURE EXPIRED_TOKEN MISSING_AUTHENTICATION_TOKEN INTEGRATION_FAILURE INTEGRATION_TIMEOUT API_CONFIGURATION_ERROR UNSUPPORTED_MEDIA_TYPE BAD_REQUEST_PARAMETERS BAD_REQUEST_BODY REQUEST_TOO_LARGE THROTTLED QUOTA_EXCEEDED WAF_FILTERED",
        "IntegrationType: HTTP AWS MOCK HTTP_PROXY AWS_PROXY",
        "IpAddressType: ipv4 dualstack",
        "Op: add remove replace move copy test",
        "QuotaPeriodType: DAY WEEK MONTH",
        "ResponseTransferMode: BUFFERED STREAM",
        "RoutingMode: BASE_PATH_MAPPING_ONLY ROUTING_RULE_ONLY ROUTING_RULE_THEN_BASE_PATH_MAPPING",
        "RoutingModeV2: API_MAPPING_ONLY ROUTING_RULE_ONLY ROUTING_RULE_THEN_API_MAPPING",
        "SecurityPolicy: TLS_1_0 TLS_1_2 SecurityPolicy_TLS13_1_3_2025_09 SecurityPolicy_TLS13_1_3_FIPS_2025_09 SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09 SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09 SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09 SecurityPolicy_TLS13_1_2_PQ_2025_09 SecurityPolicy_TLS13_1_2_2021_06 SecurityPolicy_TLS13_2025_EDGE SecurityPolicy_TLS12_PFS_2025_EDGE SecurityPolicy_TLS12_2018_EDGE",

        // V2
        "AuthorizationType: NONE AWS_IAM CUSTOM JWT",
        "AuthorizerTypeV2: REQUEST JWT",
        "LoggingLevel: ERROR INFO OFF",
        "PassthroughBehavior: WHEN_NO_MATCH NEVER WHEN_NO_TEMPLATES",
        "ProtocolType: WEBSOCKET HTTP",
    ];

    private static readonly Dictionary<string, MemberShape[]> s_shapes = Index(s_structures, static (_, text) => ShapeText.Read(text));
    private static readonly Dictionary<string, string[]> s_values = Index(s_enumerations, static (_, text) => text.Split(' '));

    public static MemberShape[] Structure(string name) => s_shapes[name];

    public static string[] Enumeration(string name) => s_values[name];

    private static Dictionary<string, T> Index<T>(string[] lines, Func<string, string, T> read)
        where T : class
    {
        var table = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            table.Add(line[..colon], read(line[..colon], line[(colon + 2)..]));
        }

        return table;
    }
}
