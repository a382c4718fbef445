using EdgeProxy.Gateway.Responses;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Hosts;

/// <summary>Phase: refuses paths and queries that layers behind this one could read differently, before anything is chosen by them (architecture.md 5).</summary>
internal static class CheckTarget
{
    public static Verdict Run(RequestContext request)
    {
        RequestHead head = request.Exchange.Request;
        if (PathRules.Check(head.Path, request.Settings.DotSegments, out bool resolve) != ViolationCode.None) return Verdict.Of(FaultKind.BadPath);

        // 1.4: these have to be encoded.
        if (!head.Query.IsEmpty && head.Query.IndexOfAny((byte)'|', (byte)'{', (byte)'}') >= 0) return Verdict.Of(FaultKind.BadQuery);
        if (resolve) Resolve(request);
        return Verdict.Continue;
    }

    // The resolved path takes the raw one's place, so every layer sees it.
    private static void Resolve(RequestContext request)
    {
        RequestHead head = request.Exchange.Request;
        Span<byte> resolved = request.Services.TargetScratch.AsSpan();
        int length = PathRules.Resolve(head.Path, resolved);
        head.PathStart = head.Headers.Append(resolved[..length]);
        head.PathLength = length;
    }
}
