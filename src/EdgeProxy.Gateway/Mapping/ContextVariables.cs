using System.Collections.Frozen;
using System.Text;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Names and values of <see cref="ContextVariable"/>.</summary>
internal static class ContextVariables
{
    private static readonly FrozenDictionary<string, ContextVariable> s_byName = new Dictionary<string, ContextVariable>(StringComparer.Ordinal)
    {
        ["accountId"] = ContextVariable.AccountId,
        ["apiId"] = ContextVariable.ApiId,
        ["awsEndpointRequestId"] = ContextVariable.Absent,
        ["customDomain.basePathMatched"] = ContextVariable.BasePathMatched,
        ["customDomain.routingRuleIdMatched"] = ContextVariable.Absent,
        ["deploymentId"] = ContextVariable.DeploymentId,
        ["domainName"] = ContextVariable.DomainName,
        ["domainPrefix"] = ContextVariable.DomainPrefix,
        ["error.message"] = ContextVariable.ErrorMessage,
        ["error.messageString"] = ContextVariable.ErrorMessageString,
        ["error.responseType"] = ContextVariable.ErrorResponseType,
        ["error.validationErrorString"] = ContextVariable.Absent,
        ["extendedRequestId"] = ContextVariable.ExtendedRequestId,
        ["httpMethod"] = ContextVariable.HttpMethod,
        ["identity.accessKey"] = ContextVariable.Absent,
        ["identity.accountId"] = ContextVariable.Absent,
        ["identity.apiKey"] = ContextVariable.Absent,
        ["identity.apiKeyId"] = ContextVariable.Absent,
        ["identity.caller"] = ContextVariable.Absent,
        ["identity.cognitoAuthenticationProvider"] = ContextVariable.Absent,
        ["identity.cognitoAuthenticationType"] = ContextVariable.Absent,
        ["identity.cognitoIdentityId"] = ContextVariable.Absent,
        ["identity.cognitoIdentityPoolId"] = ContextVariable.Absent,
        ["identity.principalOrgId"] = ContextVariable.Absent,
        ["identity.sourceIp"] = ContextVariable.SourceIp,
        ["identity.user"] = ContextVariable.Absent,
        ["identity.userAgent"] = ContextVariable.UserAgent,
        ["identity.userArn"] = ContextVariable.Absent,
        ["identity.vpcId"] = ContextVariable.Absent,
        ["identity.vpceId"] = ContextVariable.Absent,
        ["integration.latency"] = ContextVariable.IntegrationLatency,
        ["integration.status"] = ContextVariable.IntegrationStatus,
        ["integrationLatency"] = ContextVariable.IntegrationLatency,
        ["integrationStatus"] = ContextVariable.IntegrationStatus,
        ["isCanaryRequest"] = ContextVariable.Absent,
        ["path"] = ContextVariable.Path,
        ["protocol"] = ContextVariable.Protocol,
        ["requestId"] = ContextVariable.RequestId,
        ["requestTime"] = ContextVariable.RequestTime,
        ["requestTimeEpoch"] = ContextVariable.RequestTimeEpoch,
        ["resourceId"] = ContextVariable.ResourceId,
        ["resourcePath"] = ContextVariable.ResourcePath,
        ["responseLatency"] = ContextVariable.ResponseLatency,
        ["responseLength"] = ContextVariable.ResponseLength,
        ["stage"] = ContextVariable.Stage,
        ["status"] = ContextVariable.Status,
        ["wafResponseCode"] = ContextVariable.Absent,
        ["webaclArn"] = ContextVariable.Absent,
        ["xrayTraceId"] = ContextVariable.TraceId,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The variable of a name as written after <c>$context.</c>; false for one that the service does not have or this product not yet.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out ContextVariable variable) =>
        s_byName.TryGetValue(Encoding.UTF8.GetString(name), out variable);
}
