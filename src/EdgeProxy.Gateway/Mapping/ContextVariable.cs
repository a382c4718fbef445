namespace EdgeProxy.Gateway.Mapping;

/// <summary>The members of <c>$context</c> (rest-api.md 6.9). One table serves parameter mapping, gateway responses and access logs.</summary>
internal enum ContextVariable : byte
{
    /// <summary>Known to the service, and never set for what this API uses.</summary>
    Absent,
    AccountId,
    ApiId,
    ApiKey,
    ApiKeyId,
    AwsEndpointRequestId,
    CipherSuite,
    ClientCertificateIssuerDn,
    ClientCertificateNotAfter,
    ClientCertificateNotBefore,
    ClientCertificatePem,
    ClientCertificateSerialNumber,
    ClientCertificateSubjectDn,
    DeploymentId,
    DomainName,
    DomainPrefix,

    /// <summary>The version of HTTP that the client speaks; <see cref="Protocol"/> is always the service's. Ours alone.</summary>
    EdgeProtocol,
    ErrorMessage,
    ErrorMessageString,
    ErrorResponseType,
    ErrorValidationErrorString,
    ExtendedRequestId,
    HttpMethod,
    SourceIp,
    UserAgent,
    IntegrationError,
    IntegrationLatency,

    /// <summary>The status that a function's own result says; of other integrations the same as <see cref="IntegrationStatus"/>.</summary>
    IntegrationResultStatus,
    IntegrationStatus,
    IsCanaryRequest,
    BasePathMatched,
    RoutingRuleIdMatched,
    Path,
    Protocol,
    RequestId,
    RequestTime,
    RequestTimeEpoch,
    ResourceId,
    ResourcePath,
    ResponseLatency,
    ResponseLength,
    ResponseTransferMode,
    Stage,
    Status,
    TimeToAllHeaders,
    TlsVersion,
    TraceId,
}
