using EdgeProxy.Gateway.Hosts;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells how the stage was found, or why none was.</summary>
internal static class TellHost
{
    public static void Run(RequestContext request, Verdict verdict, HostRule rule, ExplainedPhase told, ExplanationNotes notes)
    {
        told.Add("host", notes.Text(request.Exchange.Request.Authority));
        told.Add("rule", NameOf(rule));
        if (request.RoutingRule is { } taken) told.Add("routingRule", taken.Id.ToString());
        if (request.Stage is { } stage)
        {
            told.Add("api", ExplanationNotes.Plain(stage.Api.Id.Span));
            told.Add("apiName", stage.Api.Name.ToString());
            told.Add("stage", stage.Name.ToString());
            told.Add("deployment", request.Deployment!.Id.ToString());
            if (stage.Canary is not null) told.Add("canary", ReferenceEquals(request.Deployment, stage.Canary) ? "yes: this request was drawn for it" : "no: this request was drawn for the main deployment");
            told.Add("basePath", request.BasePathLength == 0 ? "" : notes.Text(request.BasePath));
            told.Add("path", notes.Text(request.RoutePath));
        }

        if (verdict.IsFault) told.Add("why", WhyOf(verdict.Fault, rule));
        BasePathTable? mappings = rule switch
        {
            HostRule.CustomDomain => DomainOrNull(request)?.Mappings,
            HostRule.Mounted => request.Snapshot.Mounts,
            _ => null,
        };
        if (mappings is null || (mappings.Count < 2 && !verdict.IsFault)) return;
        var table = new ExplainedTable("basePaths", ["basePath", "api", "stage", "taken"]);
        foreach ((byte[] prefix, StagePlan mapped) in mappings.LongestFirst)
        {
            notes.Add(table, prefix.Length == 0 ? "/" : notes.Text(prefix), ExplanationNotes.Plain(mapped.Api.Id.Span), mapped.Name.ToString(), ReferenceEquals(mapped, request.Stage) ? "yes" : "no");
        }

        told.Add(table);
    }

    private static DomainPlan? DomainOrNull(RequestContext request)
    {
        if (!Http.Messages.Authority.TryParse(request.Exchange.Request.Authority, out Http.Messages.Authority authority) || authority.Host.Length > SelectHost.LongestHost) return null;
        Span<byte> lower = new byte[SelectHost.LongestHost];
        Span<byte> host = lower[..Math.Max(0, authority.CopyLowerHost(lower))];
        return request.Snapshot.DomainOrNull(host is [.., (byte)'.'] ? host[..^1] : host);
    }

    private static string NameOf(HostRule rule) => rule switch
    {
        HostRule.CustomDomain => "custom domain",
        HostRule.RoutingRule => "routing rule of a custom domain",
        HostRule.DefaultEndpoint => "default endpoint: {apiId}.execute-api.* in Host, the stage first in the path",
        HostRule.ExecuteApiPath => "emulator path: /_aws/execute-api/{apiId}/{stage}/",
        HostRule.UserRequestPath => "emulator path: /restapis/{apiId}/{stage}/_user_request_/",
        HostRule.Mounted => "mounted: no other rule takes this host",
        _ => "none was asked",
    };

    private static string WhyOf(FaultKind fault, HostRule rule) => fault switch
    {
        FaultKind.UnknownStage => "the API has no stage of that name; names are compared with case",
        FaultKind.DefaultEndpointDisabled => "the API is not served by its default endpoint (disableExecuteApiEndpoint)",
        FaultKind.MisdirectedRequest => "the connection's TLS handshake was not made for this host",
        FaultKind.ServerNameDiffers => "the endpoint asks for the same name in handshake and request (endpointAccessMode: STRICT)",
        FaultKind.ClientCertificateRefused or FaultKind.ClientCertificateCut => "the domain asks for a client certificate, and a rehearsal has none to show",
        _ => rule switch
        {
            HostRule.RoutingRule => "the rule names an API or a stage that is not served",
            HostRule.CustomDomain => "the domain has no mapping for this path; it never falls through to another API",
            HostRule.Mounted => "no API is mounted where this path begins",
            _ => "there is no API of that id",
        },
    };
}
