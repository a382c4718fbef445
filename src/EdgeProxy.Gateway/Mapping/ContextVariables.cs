using System.Collections.Frozen;
using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Http.Messages;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Names and values of <see cref="ContextVariable"/>.</summary>
internal static class ContextVariables
{
    private static readonly FrozenDictionary<string, ContextVariable> s_byName = new Dictionary<string, ContextVariable>(StringComparer.Ordinal)
    {
        ["accountId"] = ContextVariable.AccountId,
        ["apiId"] = ContextVariable.ApiId,
        ["awsEndpointRequestId"] = ContextVariable.AwsEndpointRequestId,
        ["cipherSuite"] = ContextVariable.CipherSuite,
        ["customDomain.basePathMatched"] = ContextVariable.BasePathMatched,
        ["customDomain.routingRuleIdMatched"] = ContextVariable.Absent,
        ["deploymentId"] = ContextVariable.DeploymentId,
        ["domainName"] = ContextVariable.DomainName,
        ["domainPrefix"] = ContextVariable.DomainPrefix,
        ["edge.protocol"] = ContextVariable.EdgeProtocol,
        ["error.message"] = ContextVariable.ErrorMessage,
        ["error.messageString"] = ContextVariable.ErrorMessageString,
        ["error.responseType"] = ContextVariable.ErrorResponseType,
        ["error.validationErrorString"] = ContextVariable.ErrorValidationErrorString,
        ["extendedRequestId"] = ContextVariable.ExtendedRequestId,
        ["httpMethod"] = ContextVariable.HttpMethod,
        ["identity.accessKey"] = ContextVariable.Absent,
        ["identity.accountId"] = ContextVariable.Absent,
        ["identity.apiKey"] = ContextVariable.Absent,
        ["identity.apiKeyId"] = ContextVariable.Absent,
        ["identity.caller"] = ContextVariable.Absent,
        ["identity.clientCert.clientCertPem"] = ContextVariable.ClientCertificatePem,
        ["identity.clientCert.issuerDN"] = ContextVariable.ClientCertificateIssuerDn,
        ["identity.clientCert.serialNumber"] = ContextVariable.ClientCertificateSerialNumber,
        ["identity.clientCert.subjectDN"] = ContextVariable.ClientCertificateSubjectDn,
        ["identity.clientCert.validity.notAfter"] = ContextVariable.ClientCertificateNotAfter,
        ["identity.clientCert.validity.notBefore"] = ContextVariable.ClientCertificateNotBefore,
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
        ["integration.error"] = ContextVariable.IntegrationError,
        ["integration.integrationStatus"] = ContextVariable.IntegrationResultStatus,
        ["integration.latency"] = ContextVariable.IntegrationLatency,
        ["integration.requestId"] = ContextVariable.AwsEndpointRequestId,
        ["integration.responseTransferMode"] = ContextVariable.ResponseTransferMode,
        ["integration.status"] = ContextVariable.IntegrationStatus,
        ["integration.timeToAllHeaders"] = ContextVariable.TimeToAllHeaders,
        ["integrationErrorMessage"] = ContextVariable.IntegrationError,
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
        ["tlsVersion"] = ContextVariable.TlsVersion,
        ["wafResponseCode"] = ContextVariable.Absent,
        ["webaclArn"] = ContextVariable.Absent,
        ["xrayTraceId"] = ContextVariable.TraceId,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The variable of a name as written after <c>$context.</c>; false for one that the service does not have or this product not yet.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out ContextVariable variable) =>
        s_byName.TryGetValue(Encoding.UTF8.GetString(name), out variable);

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
            case ContextVariable.DeploymentId:
                if (request.Deployment is not null) writer.Write(request.Deployment.Plan.Id.Span);
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
