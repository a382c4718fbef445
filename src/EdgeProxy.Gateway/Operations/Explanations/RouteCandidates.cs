using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Compares a request with every route of its deployment, to say why each was taken or not (rest-api.md 1.4, 1.5).</summary>
/// <remarks>Only says why: which route was taken comes from the table that requests are matched with.</remarks>
internal static class RouteCandidates
{
    // Near misses that are told beside the routes whose path matches.
    private const int Misses = 10;

    public static ExplainedTable Of(RequestContext request, ExplanationNotes notes)
    {
        var table = new ExplainedTable("candidates", ["route", "taken", "why"]);
        string[] path = Segments(ExplanationNotes.Plain(request.RoutePath));
        RoutePlan? taken = request.Route;
        var fits = new List<(RoutePlan Route, string Why)>();
        var misses = new List<(RoutePlan Route, int Depth, string Why)>();
        foreach (RoutePlan route in request.Deployment!.Plan.Routes)
        {
            if (ReferenceEquals(route, taken)) continue;
            string[] template = Segments(route.ResourcePath.ToString());
            int depth = MatchedDepth(template, path, out string miss);
            if (depth >= 0)
            {
                Keep(misses, route, depth, miss);
                continue;
            }

            string why = !TakesMethod(route, request)
                ? $"the path matches, the method does not: it takes {MethodOf(route)}"
                : taken is null ? "it matches, and was still not found: the definition of this path has a problem"
                : WhyLater(template, Segments(taken.ResourcePath.ToString()), route, taken);
            fits.Add((route, why));
        }

        if (taken is not null) notes.Add(table, NameOf(taken), "yes", WhyTaken(taken, request));
        foreach ((RoutePlan route, string why) in fits) notes.Add(table, NameOf(route), "no", notes.Text(why));
        misses.Sort(static (a, b) => b.Depth.CompareTo(a.Depth));
        foreach ((RoutePlan route, _, string why) in misses.Take(Misses)) notes.Add(table, NameOf(route), "no", notes.Text(why));
        int others = request.Deployment.Plan.Routes.Length - table.Rows.Count - table.LeftOut;
        table.LeftOut += others;
        return table;
    }

    private static string NameOf(RoutePlan route) => $"{route.Method} {route.ResourcePath}";

    private static string MethodOf(RoutePlan route) => route.Method.ToString() == "ANY" ? "ANY, which is none but DELETE, GET, HEAD, OPTIONS, PATCH, POST and PUT" : route.Method.ToString();

    private static bool TakesMethod(RoutePlan route, RequestContext request) =>
        route.Method.Span.SequenceEqual("ANY"u8) ? Routing.RoutableMethods.Bit(request.Exchange.Request.Method) != 0 : route.Method.Span.SequenceEqual(request.Exchange.Request.MethodText);

    private static string WhyTaken(RoutePlan taken, RequestContext request)
    {
        string[] template = Segments(taken.ResourcePath.ToString());
        int parameters = template.Count(static segment => IsParameter(segment));
        string how = template.Length == 0 ? "the root"
            : parameters == 0 ? "every segment literal"
            : IsGreedy(template[^1]) ? $"{template.Length - parameters} literal, {parameters - 1} by parameter, the rest by {template[^1]}"
            : $"{template.Length - parameters} literal, {parameters} by parameter";
        return taken.Method.Span.SequenceEqual("ANY"u8) ? $"{how}; ANY takes {ExplanationNotes.Plain(request.Exchange.Request.MethodText)}" : how;
    }

    /// <summary>Why a route that takes the same request comes after the one taken.</summary>
    private static string WhyLater(string[] template, string[] taken, RoutePlan route, RoutePlan chosen)
    {
        for (int i = 0; i < Math.Min(template.Length, taken.Length); i++)
        {
            int own = Rank(template[i]);
            int other = Rank(taken[i]);
            if (own != other) return $"at segment {i + 1} the {Kind(other)} '{taken[i]}' comes before the {Kind(own)} '{template[i]}'";
        }

        return route.Method.Span.SequenceEqual("ANY"u8) && !chosen.Method.Span.SequenceEqual("ANY"u8) ? "the method itself comes before ANY" : "another route comes first";
    }

    /// <summary>How many segments of a template match before one does not; -1 when all of the path does.</summary>
    private static int MatchedDepth(string[] template, string[] path, out string why)
    {
        why = "";
        for (int i = 0; i < template.Length; i++)
        {
            if (i == path.Length)
            {
                why = IsGreedy(template[i]) ? $"nothing is left for '{template[i]}', which takes at least one segment" : $"the path ends before '{template[i]}'";
                return i;
            }

            if (IsGreedy(template[i])) return -1;
            if (IsParameter(template[i]))
            {
                if (path[i].Length > 0) continue;
                why = $"segment {i + 1} is empty, which '{template[i]}' does not take";
                return i;
            }

            if (string.Equals(template[i], path[i], StringComparison.Ordinal)) continue;
            why = $"segment {i + 1} is '{path[i]}', not '{template[i]}'";
            if (string.Equals(template[i], path[i], StringComparison.OrdinalIgnoreCase)) why += "; case counts";
            return i;
        }

        if (template.Length == path.Length) return -1;
        why = $"the path goes on behind it with '{path[template.Length]}'";
        return template.Length;
    }

    // Only the nearest: a deployment may have 100,000 routes.
    private static void Keep(List<(RoutePlan Route, int Depth, string Why)> misses, RoutePlan route, int depth, string why)
    {
        if (misses.Count < Misses)
        {
            misses.Add((route, depth, why));
            return;
        }

        int shallowest = 0;
        for (int i = 1; i < misses.Count; i++)
        {
            if (misses[i].Depth < misses[shallowest].Depth) shallowest = i;
        }

        if (misses[shallowest].Depth < depth) misses[shallowest] = (route, depth, why);
    }

    // Leading slashes count as one, slashes at the end not at all.
    private static string[] Segments(string path)
    {
        string inner = path.Trim('/');
        return inner.Length == 0 ? [] : inner.Split('/');
    }

    private static bool IsParameter(string segment) => segment.StartsWith('{');

    private static bool IsGreedy(string segment) => segment.EndsWith("+}", StringComparison.Ordinal);

    private static int Rank(string segment) => !IsParameter(segment) ? 0 : IsGreedy(segment) ? 2 : 1;

    private static string Kind(int rank) => rank switch { 0 => "literal", 1 => "parameter", _ => "greedy parameter" };
}
