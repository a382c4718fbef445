using System.Text;

namespace EdgeProxy.Tests.Gateway.Routing;

/// <summary>The rules of both kinds of API written down slowly: all routes that match, then the best of them. Shares no code with the tree.</summary>
internal static class ReferenceMatcher
{
    private static readonly string[] AnyMethods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

    /// <summary>The answer in the form of <see cref="Routes.Ask"/>.</summary>
    public static string Ask(bool rest, string[] keys, string request)
    {
        string method = request.Split(' ', 2)[0];
        string path = request.Split(' ', 2)[1];
        Candidate? best = null;
        if (path.Length == 0 || path[0] == '/')
        {
            string inner = rest ? path.Trim('/') : path.Length == 0 ? "" : path[1..];
            for (int i = 0; i < keys.Length; i++)
            {
                Candidate? candidate = Match(rest, keys[i], i, method, inner);
                if (candidate is not null && (best is null || (rest ? RestPrefers(candidate, best) : HttpPrefers(candidate, best))))
                {
                    best = candidate;
                }
            }

            int defaultRoute = rest ? -1 : Array.IndexOf(keys, "$default");
            if (best is null && defaultRoute >= 0)
            {
                return $"{defaultRoute}";
            }
        }

        return best is null ? "none" : best.Values.Count == 0 ? $"{best.Ordinal}" : $"{best.Ordinal}: {string.Join(", ", best.Values)}";
    }

    private static Candidate? Match(bool rest, string key, int ordinal, string method, string path)
    {
        if (key == "$default")
        {
            return null;
        }

        string routeMethod = key.Split(' ', 2)[0];
        if (routeMethod != method && !(routeMethod == "ANY" && AnyMethods.Contains(method)))
        {
            return null;
        }

        string template = key.Split(' ', 2)[1][1..];
        string[] parts = template.Length == 0 ? [] : template.Split('/');
        string[] segments = path.Length == 0 ? [] : path.Split('/');
        var values = new List<string>();
        string kinds = "";
        for (int i = 0; i < parts.Length; i++)
        {
            string part = parts[i];
            if (part.EndsWith("+}", StringComparison.Ordinal))
            {
                // The slash before it must be there: the root always has one, else there must be a further, perhaps empty, segment.
                if (i > 0 && segments.Length <= i)
                {
                    return null;
                }

                string rest1 = string.Join('/', segments.Skip(i));
                if (rest && rest1.Length == 0)
                {
                    return null;
                }

                values.Add($"{part[1..^2]}={rest1}");
                return new Candidate(ordinal, kinds + "g", routeMethod == "ANY", values);
            }

            if (i >= segments.Length)
            {
                return null;
            }

            if (part[0] == '{')
            {
                if (segments[i].Length == 0)
                {
                    return null;
                }

                values.Add($"{part[1..^1]}={segments[i]}");
                kinds += "p";
                continue;
            }

            if (rest ? part != segments[i] : Decode(part) != Decode(segments[i]))
            {
                return null;
            }

            kinds += "l";
        }

        return segments.Length == parts.Length ? new Candidate(ordinal, kinds, routeMethod == "ANY", values) : null;
    }

    // A decoded slash is not a separator, so it must not look like one either.
    private static string Decode(string segment)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(segment);
        var decoded = new StringBuilder();
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '%' && i + 2 < bytes.Length && byte.TryParse(Encoding.ASCII.GetString(bytes, i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out byte value))
            {
                decoded.Append(value == '/' ? '\u2215' : (char)value);
                i += 2;
            }
            else
            {
                decoded.Append((char)bytes[i]);
            }
        }

        return decoded.ToString();
    }

    /// <summary>rest-api.md 1.5: the first segment that differs decides, literal over parameter over greedy; then an explicit method over ANY.</summary>
    private static bool RestPrefers(Candidate left, Candidate right)
    {
        for (int i = 0; i < Math.Min(left.Kinds.Length, right.Kinds.Length); i++)
        {
            if (left.Kinds[i] != right.Kinds[i])
            {
                return "lpg".IndexOf(left.Kinds[i]) < "lpg".IndexOf(right.Kinds[i]);
            }
        }

        return !left.IsAny && right.IsAny;
    }

    /// <summary>http-api.md 2.2: whole before greedy; then more literals, compared from the left; then more segments before the greedy one; then an explicit method.</summary>
    private static bool HttpPrefers(Candidate left, Candidate right)
    {
        bool leftGreedy = left.Kinds.EndsWith('g');
        bool rightGreedy = right.Kinds.EndsWith('g');
        if (leftGreedy != rightGreedy)
        {
            return rightGreedy;
        }

        for (int i = 0; i < Math.Max(left.Kinds.Length, right.Kinds.Length); i++)
        {
            bool leftLiteral = i < left.Kinds.Length && left.Kinds[i] == 'l';
            bool rightLiteral = i < right.Kinds.Length && right.Kinds[i] == 'l';
            if (leftLiteral != rightLiteral)
            {
                return leftLiteral;
            }
        }

        return left.Kinds.Length != right.Kinds.Length ? left.Kinds.Length > right.Kinds.Length : !left.IsAny && right.IsAny;
    }

    private sealed record Candidate(int Ordinal, string Kinds, bool IsAny, List<string> Values);
}
