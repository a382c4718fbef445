using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Hosts;

/// <summary>Phase: finds the stage that answers, in the order of <see cref="GatewaySnapshot"/> (rest-api.md 1.1 to 1.3).</summary>
internal static class SelectHost
{
    /// <summary>The longest host name; longer ones cannot be in the table.</summary>
    public const int LongestHost = 255;

    /// <summary>Whether a path is one of the emulators' forms, whatever API and stage it names.</summary>
    public static bool IsEmulatorForm(ReadOnlySpan<byte> path)
    {
        if (path.StartsWith("/_aws/execute-api/"u8)) return true;
        if (!path.StartsWith("/restapis/"u8)) return false;
        int marker = path.IndexOf("/_user_request_"u8);

        // Two segments are in between; there is no operation of the management API at such a path.
        return marker > 0 && path["/restapis/"u8.Length..marker].Count((byte)'/') == 1;
    }

    public static Verdict Run(RequestContext request)
    {
        GatewaySnapshot snapshot = request.Snapshot;
        RequestHead head = request.Exchange.Request;

        // A text that is no authority names no host; the connection has refused it already unless it was told to be lenient.
        Span<byte> host = default;
        if (Authority.TryParse(head.Authority, out Authority authority) && authority.Host.Length <= LongestHost)
        {
            Span<byte> lower = request.Services.ValueScratch.AsSpan(0, LongestHost);
            host = lower[..Math.Max(0, authority.CopyLowerHost(lower))];
            if (host is [.., (byte)'.']) host = host[..^1];
        }

        DomainPlan? domain = snapshot.DomainOrNull(host);
        if (CheckHandshake.OfDomain(request, host, domain) is { Ends: true } refused) return refused;
        Verdict chosen = Choose(request, host, domain);
        return chosen.Ends ? chosen : CheckHandshake.OfEndpoint(request, host, domain);
    }

    private static Verdict Choose(RequestContext request, ReadOnlySpan<byte> host, DomainPlan? domain)
    {
        if (domain is not null)
        {
            return FromDomain(request, domain);
        }

        int service = host.IndexOf(".execute-api."u8);
        if (service > 0)
        {
            request.Observer?.OnHostRule(request, HostRule.DefaultEndpoint);
            return FromApi(request, IsEndpointOfVpc(host[service..]) ? ApiOfEndpoint(request) : host[..service], path: 0);
        }

        if (request.Exchange.Listener.IsLoopback && EmulatorForm(request) is { Ends: true } emulated) return emulated == Verdict.Answer ? Verdict.Continue : emulated;
        request.Observer?.OnHostRule(request, HostRule.Mounted);
        return FromMount(request, request.Snapshot.Mounts);
    }

    private static Verdict FromDomain(RequestContext request, DomainPlan domain)
    {
        ReadOnlySpan<byte> path = request.Exchange.Request.Path;

        // 1.1: reserved for health checks at the root of a custom domain, however many slashes stand around them.
        if (path.Trim((byte)'/') is var only && (only.SequenceEqual("ping"u8) || only.SequenceEqual("sping"u8)))
        {
            request.Observer?.OnHostRule(request, HostRule.CustomDomain);
            return Verdict.Of(FaultKind.UnknownHost);
        }

        if (domain.RoutingRules.Length > 0 && MatchRoutingRules.Find(domain.RoutingRules, path, request.Exchange.Request.Headers) is { } rule)
        {
            request.Observer?.OnHostRule(request, HostRule.RoutingRule);
            request.RoutingRule = rule;
            int end = 0;
            if (rule.StripsBasePath) MatchRoutingRules.FirstSegment(path, out end);
            return FromMapping(request, rule.Target, end);
        }

        request.Observer?.OnHostRule(request, HostRule.CustomDomain);
        if (!domain.UsesMappings) return Verdict.Of(FaultKind.UnknownHost);
        if (domain.ApiMappings.Length > 0)
        {
            int slash = LastLeadingSlash(path, 0);
            ReadOnlySpan<byte> rest = path[slash..];
            foreach (ApiMapping mapping in domain.ApiMappings)
            {
                if (!BasePathTable.IsPrefix(mapping.Prefix, rest)) continue;

                // What a file mounts there goes first when it is as long or longer.
                if (domain.Mappings.Count > 0 && domain.Mappings.Find(path, out int mounted) is not null && mounted >= slash + mapping.Prefix.Length) break;
                return FromMapping(request, mapping, mapping.Prefix.Length == 0 ? 0 : slash + mapping.Prefix.Length);
            }
        }

        return FromMount(request, domain.Mappings);
    }

    private static Verdict FromMount(RequestContext request, BasePathTable mappings)
    {
        ReadOnlySpan<byte> path = request.Exchange.Request.Path;
        if (mappings.Find(path, out int length) is not { } stage) return Verdict.Of(FaultKind.UnknownHost);
        TakeBasePath(request, path, length);
        Capture(request, stage, length);
        return Verdict.Continue;
    }

    /// <summary>The stage that a mapping names, as it stands in the snapshot.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mapping">The mapping.</param>
    /// <param name="length">Bytes of the path that are base path, slashes before it included.</param>
    private static Verdict FromMapping(RequestContext request, ApiMapping mapping, int length)
    {
        ReadOnlySpan<byte> path = request.Exchange.Request.Path;
        if (request.Snapshot.Apis.Find(mapping.Api.Span) is not { } api) return Verdict.Of(FaultKind.UnknownHost);
        if (!mapping.Stage.IsEmpty)
        {
            if (api.Stages.Find(mapping.Stage.Span) is not { } stage) return Verdict.Of(FaultKind.UnknownHost);
            TakeBasePath(request, path, length);
            Capture(request, stage, length);
            return Verdict.Continue;
        }

        if (FromStageSegment(request, api, length) is { Ends: true } unknown) return unknown;
        TakeBasePath(request, path, length);
        return Verdict.Continue;
    }

    private static void TakeBasePath(RequestContext request, ReadOnlySpan<byte> path, int length)
    {
        int start = LastLeadingSlash(path, 0);
        request.BasePathOffset = start;
        request.BasePathLength = length == 0 ? 0 : length - start - 1;
    }

    // 1.1: {vpceDns}.execute-api.{region}.vpce.{domain}, the public name of a VPC endpoint, which is no API's.
    private static bool IsEndpointOfVpc(ReadOnlySpan<byte> service)
    {
        ReadOnlySpan<byte> region = service[".execute-api."u8.Length..];
        int dot = region.IndexOf((byte)'.');
        return dot > 0 && region[dot..].StartsWith(".vpce."u8);
    }

    /// <summary>The API that a request to a VPC endpoint's public name asks for; none when it names none, or more than one.</summary>
    private static ReadOnlySpan<byte> ApiOfEndpoint(RequestContext request)
    {
        HeaderTable headers = request.Exchange.Request.Headers;
        int named = headers.IndexOf(KnownHeader.XApigwApiId);
        return named >= 0 && named == headers.LastIndexOf(KnownHeader.XApigwApiId) ? headers.Value(named) : default;
    }

    /// <summary>An API by its id, with the stage as the path's first segment from an offset on.</summary>
    private static Verdict FromApi(RequestContext request, ReadOnlySpan<byte> label, int path)
    {
        // The endpoint-associated form of private APIs: {apiId}-{vpceId}.
        int endpoint = label.IndexOf("-vpce-"u8);
        if (endpoint > 0) label = label[..endpoint];
        if (request.Snapshot.Apis.Find(label) is not { } api) return Verdict.Of(FaultKind.UnknownHost);
        return api.IsDefaultEndpointDisabled ? Verdict.Of(FaultKind.DefaultEndpointDisabled) : FromStageSegment(request, api, path);
    }

    /// <summary>The stage that the path names in its next segment.</summary>
    private static Verdict FromStageSegment(RequestContext request, ApiEntry api, int path)
    {
        ReadOnlySpan<byte> raw = request.Exchange.Request.Path;
        int start = LastLeadingSlash(raw, path);
        ReadOnlySpan<byte> name = raw[Math.Min(raw.Length, start + 1)..];
        int end = name.IndexOf((byte)'/');
        if (end >= 0) name = name[..end];
        if (api.Stages.Find(name) is not { } stage) return Verdict.Of(FaultKind.UnknownStage);
        request.HasStagePrefix = true;
        Capture(request, stage, start + 1 + name.Length);
        return Verdict.Continue;
    }

    /// <summary>The emulators' path forms: Answer when one of them chose the stage, Continue when it is neither.</summary>
    private static Verdict EmulatorForm(RequestContext request)
    {
        ReadOnlySpan<byte> path = request.Exchange.Request.Path;
        Verdict chosen;
        if (path.StartsWith("/_aws/execute-api/"u8))
        {
            request.Observer?.OnHostRule(request, HostRule.ExecuteApiPath);
            int id = "/_aws/execute-api/"u8.Length;
            int slash = path[id..].IndexOf((byte)'/');
            chosen = FromApi(request, slash < 0 ? path[id..] : path.Slice(id, slash), slash < 0 ? path.Length : id + slash);
        }
        else if (path.StartsWith("/restapis/"u8))
        {
            // /restapis/{apiId}/{stage}/_user_request_/...: the stage stands before the marker, the API's path behind it.
            ReadOnlySpan<byte> rest = path["/restapis/"u8.Length..];
            int slash = rest.IndexOf((byte)'/');
            if (slash < 0) return Verdict.Continue;
            ReadOnlySpan<byte> afterId = rest[(slash + 1)..];
            int stageEnd = afterId.IndexOf((byte)'/');
            if (stageEnd < 0) return Verdict.Continue;
            ReadOnlySpan<byte> marker = afterId[stageEnd..];
            if (!marker.StartsWith("/_user_request_"u8) || (marker.Length > "/_user_request_"u8.Length && marker["/_user_request_"u8.Length] != '/')) return Verdict.Continue;
            request.Observer?.OnHostRule(request, HostRule.UserRequestPath);
            chosen = FromApi(request, rest[..slash], "/restapis/"u8.Length + slash);
            if (!chosen.Ends) request.RoutePathOffset += "/_user_request_"u8.Length;
        }
        else
        {
            return Verdict.Continue;
        }

        return chosen.Ends ? chosen : Verdict.Answer;
    }

    private static void Capture(RequestContext request, StagePlan stage, int routePathOffset)
    {
        request.Stage = stage;
        request.Deployment = stage.Draw(request.Services.Random);
        request.RoutePathOffset = routePathOffset;
    }

    private static int LastLeadingSlash(ReadOnlySpan<byte> path, int from)
    {
        while (from + 1 < path.Length && path[from] == '/' && path[from + 1] == '/') from++;
        return from;
    }
}
