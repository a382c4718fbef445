using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells which route was taken, what its parameters came to, and why not another.</summary>
internal static class TellRoute
{
    public static void Run(RequestContext request, Verdict verdict, ExplainedPhase told, ExplanationNotes notes)
    {
        if (request.Route is { } route)
        {
            told.Add("route", $"{route.Method} {route.ResourcePath}");
            told.Add("integration", NameOf(route.Integration));
        }

        if (verdict.Fault == FaultKind.RouteNotFound) told.Add("why", "no route takes this path and method; API Gateway's answer is 403 Missing Authentication Token");
        else if (verdict.IsFault) told.Add("why", "the route needs something that this version does not have and is served closed; edgeproxy validate says what");
        if (request.Route is { ParameterNames.Length: > 0 } named)
        {
            var parameters = new ExplainedTable("pathParameters", ["name", "raw", "value"]);
            for (int i = 0; i < named.ParameterNames.Length && i < request.Match.Count; i++)
            {
                ReadOnlySpan<byte> raw = request.Match.Value(request.RoutePath, i);
                var writer = new ByteWriter(new byte[raw.Length]);
                ValueReader.Decode(raw, form: false, ref writer);
                notes.Add(parameters, named.ParameterNames[i].ToString(), notes.Text(raw), notes.Text(writer.Written));
            }

            told.Add(parameters);
        }

        told.Add(RouteCandidates.Of(request, notes));
    }

    /// <summary>An integration's kind as documents name it.</summary>
    public static string NameOf(IntegrationPlan integration) =>
        integration.Kind == IntegrationKind.Closed ? "none: served closed" : RouteSeries.TypeOf(integration.Kind);
}
