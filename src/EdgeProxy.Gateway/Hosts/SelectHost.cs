using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Hosts;

/// <summary>Phase: finds the stage that answers, in the order of <see cref="GatewaySnapshot"/> (rest-api.md 1.1 to 1.3).</summary>
internal static class SelectHost
{
    /// <summary>The longest host name; longer ones cannot be in the table.</summary>
    public const int LongestHost = 255;

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
            request.Observer?.OnHostRule(request, HostRule.CustomDomain);
            return FromBasePath(request, domain.Mappings, isCustomDomain: true);
        }

        int service = host.IndexOf(".execute-api."u8);
        if (service > 0)
        {
            request.Observer?.OnHostRule(request, HostRule.DefaultEndpoint);
            return FromApi(request, host[..service], path: 0);
        }

        if (request.Exchange.Listener.IsLoopback && EmulatorForm(request) is { Ends: true } emulated) return emulated == Verdict.Answer ? Verdict.Continue : emulated;
        request.Observer?.OnHostRule(request, HostRule.Mounted);
        return FromBasePath(request, request.Snapshot.Mounts, isCustomDomain: false);
    }

    private static Verdict FromBasePath(RequestContext request, BasePathTable mappings, bool isCustomDomain)
    {
        ReadOnlySpan<byte> path = request.Exchange.Request.Path;

        // 1.1: reserved for health checks at the root of a custom domain.
        if (isCustomDomain && (path.SequenceEqual("/ping"u8) || path.SequenceEqual("/sping"u8))) return Verdict.Of(FaultKind.UnknownHost);
        if (mappings.Find(path, out int length) is not { } stage) return Verdict.Of(FaultKind.UnknownHost);
        int start = LastLeadingSlash(path, 0);
        request.BasePathOffset = start;
        request.BasePathLength = length == 0 ? 0 : length - start - 1;
        Capture(request, stage, length);
        return Verdict.Continue;
    }

    /// <summary>An API by its id, with the stage as the path's first segment from an offset on.</summary>
    private static Verdict FromApi(RequestContext request, ReadOnlySpan<byte> label, int path)
    {
        // The endpoint-associated form of private APIs: {apiId}-{vpceId}.
        int endpoint = label.IndexOf("-vpce-"u8);
        if (endpoint > 0) label = label[..endpoint];
        if (request.Snapshot.Apis.Find(label) is not { } api) return Verdict.Of(FaultKind.UnknownHost);
        if (api.IsDefaultEndpointDisabled) return Verdict.Of(FaultKind.DefaultEndpointDisabled);

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
