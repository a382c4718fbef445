using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Http.Messages;
using EdgeProxy.Templates;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Names and values of <see cref="ContextVariable"/>.</summary>
internal static class ContextVariables
{
    // The names that stand alone. Those of the first table are for templates as well; errors are for gateway responses and logs, the rest for logs.
    private static readonly KeyValuePair<string, ContextVariable>[] s_names =
    [
        new("accountId", ContextVariable.AccountId),
        new("apiId", ContextVariable.ApiId),
        new("awsEndpointRequestId", ContextVariable.AwsEndpointRequestId),
        new("customDomain.basePathMatched", ContextVariable.BasePathMatched),
        new("customDomain.routingRuleIdMatched", ContextVariable.RoutingRuleIdMatched),
        new("deploymentId", ContextVariable.DeploymentId),
        new("domainName", ContextVariable.DomainName),
        new("domainPrefix", ContextVariable.DomainPrefix),
        new("edge.protocol", ContextVariable.EdgeProtocol),
        new("extendedRequestId", ContextVariable.ExtendedRequestId),
        new("httpMethod", ContextVariable.HttpMethod),
        new("identity.accessKey", ContextVariable.Absent),
        new("identity.accountId", ContextVariable.Absent),
        new("identity.apiKey", ContextVariable.ApiKey),
        new("identity.apiKeyId", ContextVariable.ApiKeyId),
        new("identity.caller", ContextVariable.Absent),
        new("identity.clientCert.clientCertPem", ContextVariable.ClientCertificatePem),
        new("identity.clientCert.issuerDN", ContextVariable.ClientCertificateIssuerDn),
        new("identity.clientCert.serialNumber", ContextVariable.ClientCertificateSerialNumber),
        new("identity.clientCert.subjectDN", ContextVariable.ClientCertificateSubjectDn),
        new("identity.clientCert.validity.notAfter", ContextVariable.ClientCertificateNotAfter),
        new("identity.clientCert.validity.notBefore", ContextVariable.ClientCertificateNotBefore),
        new("identity.cognitoAuthenticationProvider", ContextVariable.Absent),
        new("identity.cognitoAuthenticationType", ContextVariable.Absent),
        new("identity.cognitoIdentityId", ContextVariable.Absent),
        new("identity.cognitoIdentityPoolId", ContextVariable.Absent),
        new("identity.principalOrgId", ContextVariable.Absent),
        new("identity.sourceIp", ContextVariable.SourceIp),
        new("identity.user", ContextVariable.Absent),
        new("identity.userAgent", ContextVariable.UserAgent),
        new("identity.userArn", ContextVariable.Absent),
        new("identity.vpcId", ContextVariable.Absent),
        new("identity.vpceId", ContextVariable.Absent),
        new("isCanaryRequest", ContextVariable.IsCanaryRequest),
        new("path", ContextVariable.Path),
        new("protocol", ContextVariable.Protocol),
        new("requestId", ContextVariable.RequestId),
        new("requestTime", ContextVariable.RequestTime),
        new("requestTimeEpoch", ContextVariable.RequestTimeEpoch),
        new("resourceId", ContextVariable.ResourceId),
        new("resourcePath", ContextVariable.ResourcePath),
        new("stage", ContextVariable.Stage),
        new("wafResponseCode", ContextVariable.Absent),
        new("webaclArn", ContextVariable.Absent),
    ];

    private static readonly KeyValuePair<string, ContextVariable>[] s_namesBesideTemplates =
    [
        new("cipherSuite", ContextVariable.CipherSuite),
        new("error.message", ContextVariable.ErrorMessage),
        new("error.messageString", ContextVariable.ErrorMessageString),
        new("error.responseType", ContextVariable.ErrorResponseType),
        new("error.validationErrorString", ContextVariable.ErrorValidationErrorString),
        new("integration.error", ContextVariable.IntegrationError),
        new("integration.integrationStatus", ContextVariable.IntegrationResultStatus),
        new("integration.latency", ContextVariable.IntegrationLatency),
        new("integration.requestId", ContextVariable.AwsEndpointRequestId),
        new("integration.responseTransferMode", ContextVariable.ResponseTransferMode),
        new("integration.status", ContextVariable.IntegrationStatus),
        new("integration.timeToAllHeaders", ContextVariable.TimeToAllHeaders),
        new("integrationErrorMessage", ContextVariable.IntegrationError),
        new("integrationLatency", ContextVariable.IntegrationLatency),
        new("integrationStatus", ContextVariable.IntegrationStatus),
        new("responseLatency", ContextVariable.ResponseLatency),
        new("responseLength", ContextVariable.ResponseLength),
        new("status", ContextVariable.Status),
        new("tlsVersion", ContextVariable.TlsVersion),
        new("xrayTraceId", ContextVariable.TraceId),
    ];

    private static readonly Dictionary<string, ContextVariable> s_byName = new([.. s_names, .. s_namesBesideTemplates], StringComparer.Ordinal);

    /// <summary>The names that templates see, with their variables as ids. <c>authorizer</c> is an open group, empty while no authorizer runs.</summary>
    public static ContextCatalog Catalog { get; } = new(
        [.. Array.ConvertAll([.. s_names], static (KeyValuePair<string, ContextVariable> pair) => KeyValuePair.Create(pair.Key, (int)pair.Value)), new("authorizer.*", (int)ContextVariable.Absent)],
        (int)ContextVariable.RequestTimeEpoch);

    // What an authorizer says has names of its own choosing.
    private static ReadOnlySpan<byte> AuthorizerPrefix => "authorizer."u8;

    /// <summary>The variable of a name as written after <c>$context.</c>; false for one that the service does not have or this product not yet.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out ContextVariable variable)
    {
        variable = ContextVariable.Absent;
        return (name.StartsWith(AuthorizerPrefix) && name.Length > AuthorizerPrefix.Length) || s_byName.TryGetValue(Encoding.UTF8.GetString(name), out variable);
    }

    /// <summary>Writes a variable's value as text; nothing when it is not set.</summary>
    public static void Write(ContextVariable variable, RequestContext request, ref ByteWriter writer)
    {
        RequestHead head = request.Exchange.Request;
        switch (variable)
        {
            case ContextVariable.AccountId:
                if (request.Stage is not null) writer.Write(request.Stage.Api.AccountId.Span);
                break;
            case ContextVariable.ApiId:
                if (request.Stage is not null) writer.Write(request.Stage.Api.Id.Span);
                break;
            case ContextVariable.ApiKey:
                // Only one that was accepted: a guess is nobody's key.
                if (request.ApiKey.Outcome == ApiKeyOutcome.Accepted) writer.Write(CheckApiKey.ValueOf(request));
                break;
            case ContextVariable.ApiKeyId:
                if (request.ApiKey.Outcome == ApiKeyOutcome.Accepted) writer.Write(request.Snapshot.Usage!.KeyId(request.ApiKey.Key));
                break;
            case ContextVariable.AwsEndpointRequestId:
                if (request.Function is not null) writer.Write(request.Function.FunctionRequestId);
                break;
            case ContextVariable.CipherSuite:
                Write(request.Exchange.Tls?.CipherSuite, ref writer);
                break;
            case ContextVariable.ClientCertificateIssuerDn:
                Write(CertificateOf(request)?.IssuerDn, ref writer);
                break;
            case ContextVariable.ClientCertificateNotAfter:
                Write(CertificateOf(request)?.NotAfter, ref writer);
                break;
            case ContextVariable.ClientCertificateNotBefore:
                Write(CertificateOf(request)?.NotBefore, ref writer);
                break;
            case ContextVariable.ClientCertificatePem:
                Write(CertificateOf(request)?.Pem, ref writer);
                break;
            case ContextVariable.ClientCertificateSerialNumber:
                Write(CertificateOf(request)?.SerialNumber, ref writer);
                break;
            case ContextVariable.ClientCertificateSubjectDn:
                Write(CertificateOf(request)?.SubjectDn, ref writer);
                break;
            case ContextVariable.BasePathMatched:
                writer.Write(request.BasePath);
                break;
            case ContextVariable.RoutingRuleIdMatched:
                if (request.RoutingRule is { } rule) writer.Write(rule.Id.Span);
                break;
            case ContextVariable.DeploymentId:
                if (request.Deployment is not null) writer.Write(request.Deployment.Id.Span);
                break;
            case ContextVariable.DomainName:
                writer.Write(HostOf(head));
                break;
            case ContextVariable.DomainPrefix:
                ReadOnlySpan<byte> host = HostOf(head);
                int dot = host.IndexOf((byte)'.');
                writer.Write(dot < 0 ? host : host[..dot]);
                break;
            case ContextVariable.EdgeProtocol:
                writer.Write(ProtocolOf(head));
                break;
            case ContextVariable.ErrorMessage:
                if (request.Fault == FaultKind.ParametersMissing) ValidateParameters.WriteMessage(request, isQuoted: false, ref writer);
                else if (request.Fault != FaultKind.None) writer.Write(Faults.Of(request.Fault).Message);
                break;
            case ContextVariable.ErrorMessageString:
                WriteMessageString(request, ref writer);
                break;
            case ContextVariable.ErrorResponseType:
                if (request.Fault != FaultKind.None) writer.Write(GatewayResponseTypes.NameOf(Faults.Of(request.Fault).Type));
                break;
            case ContextVariable.ErrorValidationErrorString:
                ValidateBody.WriteDetails(request, ref writer);
                break;
            case ContextVariable.ExtendedRequestId:
                writer.Write(request.ExtendedRequestId);
                break;
            case ContextVariable.HttpMethod:
                writer.Write(head.MethodText);
                break;
            case ContextVariable.IntegrationError:
                if (request.Fault != FaultKind.None) writer.Write(ExecutionTexts.Of(request.Fault));
                break;
            case ContextVariable.IntegrationResultStatus:
                int resultStatus = request.IntegrationResultStatus != 0 ? request.IntegrationResultStatus : request.IntegrationStatus;
                if (resultStatus != 0) writer.Write(resultStatus);
                break;
            case ContextVariable.IntegrationLatency:
                if (request.IntegrationEndedAt != 0) writer.Write((request.IntegrationEndedAt - request.IntegrationStartedAt) / 1_000_000);
                break;
            case ContextVariable.IntegrationStatus:
                if (request.IntegrationStatus != 0) writer.Write(request.IntegrationStatus);
                break;
            case ContextVariable.IsCanaryRequest:
                if (request.Stage?.Canary is not null) writer.Write(request.IsCanary ? "true"u8 : "false"u8);
                break;
            case ContextVariable.Path:
                // 6.9: /{stage}{path} or /{basePath}{path}.
                if (request.HasStagePrefix)
                {
                    writer.Write((byte)'/');
                    writer.Write(request.Stage!.Name.Span);
                    writer.Write(request.RoutePath);
                }
                else
                {
                    writer.Write(head.Path[request.BasePathOffset..]);
                }

                break;
            case ContextVariable.Protocol:
                writer.Write("HTTP/1.1"u8);
                break;
            case ContextVariable.RequestId:
                writer.Write(request.RequestId);
                break;
            case ContextVariable.RequestTime:
                writer.Write(request.Services.Timestamps.CommonLog(request.ArrivedAtUnixMilliseconds));
                break;
            case ContextVariable.RequestTimeEpoch:
                writer.Write(request.ArrivedAtUnixMilliseconds);
                break;
            case ContextVariable.ResourceId:
                if (request.Route is not null) writer.Write(request.Route.ResourceId.Span);
                break;
            case ContextVariable.ResourcePath:
                if (request.Route is not null) writer.Write(request.Route.ResourcePath.Span);
                break;
            case ContextVariable.ResponseLatency:
                writer.Write((request.Now - request.Exchange.StartedAt) / 1_000_000);
                break;
            case ContextVariable.ResponseLength:
                writer.Write(request.Exchange.ResponseBytes);
                break;
            case ContextVariable.ResponseTransferMode:
                if (request.Route is { Integration.Kind: not (IntegrationKind.Mock or IntegrationKind.Closed) } called) writer.Write(called.Integration.StreamsAnswer ? "STREAMED"u8 : "BUFFERED"u8);
                break;
            case ContextVariable.SourceIp:
                Span<byte> text = stackalloc byte[48];
                writer.Write(text[..request.SourceIp.Format(text)]);
                break;
            case ContextVariable.Stage:
                if (request.Stage is not null) writer.Write(request.Stage.Name.Span);
                break;
            case ContextVariable.Status:
                if (request.Exchange.Response.Status != 0) writer.Write(request.Exchange.Response.Status);
                break;
            case ContextVariable.TimeToAllHeaders:
                if (request.IntegrationEndedAt != 0 && request.IntegrationStatus != 0 && request.Route is { Integration.StreamsAnswer: true })
                {
                    writer.Write((request.IntegrationEndedAt - request.IntegrationStartedAt) / 1_000_000);
                }

                break;
            case ContextVariable.TlsVersion:
                Write(request.Exchange.Tls?.VersionText, ref writer);
                break;
            case ContextVariable.TraceId:
                writer.Write(request.TraceRoot);
                break;
            case ContextVariable.UserAgent:
                int agent = head.Headers.LastIndexOf(KnownHeader.UserAgent);
                if (agent >= 0) writer.Write(head.Headers.Value(agent));
                break;
        }
    }

    /// <summary>Whether the client showed a certificate that was verified.</summary>
    public static bool HasClientCertificate(RequestContext request) => CertificateOf(request) is not null;

    /// <summary>The version of HTTP that a request came by.</summary>
    public static ReadOnlySpan<byte> ProtocolOf(RequestHead head) => head.Version switch
    {
        20 => "HTTP/2.0"u8,
        10 => "HTTP/1.0"u8,
        _ => "HTTP/1.1"u8,
    };

    // What was not verified is a claim, and shows in the access log alone (security.md 10).
    private static ClientCertificate? CertificateOf(RequestContext request) =>
        request.Exchange.Tls is { ClientVerdict: ClientCertificateVerdict.Trusted } tls ? tls.ClientCertificate : null;

    private static void Write(string? text, ref ByteWriter writer)
    {
        if (string.IsNullOrEmpty(text)) return;
        Span<byte> room = writer.Reserve(Encoding.UTF8.GetByteCount(text));
        if (!room.IsEmpty) Encoding.UTF8.GetBytes(text, room);
    }

    private static ReadOnlySpan<byte> HostOf(RequestHead head) =>
        Authority.TryParse(head.Authority, out Authority authority) ? authority.Host : default;

    // Of all messages only those that name parameters can have a character that JSON escapes.
    private static void WriteMessageString(RequestContext request, ref ByteWriter writer)
    {
        if (request.Fault == FaultKind.None) return;
        if (Faults.Of(request.Fault).Message is not { } message)
        {
            writer.Write("null"u8);
            return;
        }

        writer.Write((byte)'"');
        if (request.Fault == FaultKind.ParametersMissing) ValidateParameters.WriteMessage(request, isQuoted: true, ref writer);
        else writer.Write(message);
        writer.Write((byte)'"');
    }
}
