using System.Text;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Hosts;

/// <summary>Finds the routing rule that takes a request (rest-api.md 1.3): the first by priority, all of whose conditions hold.</summary>
internal static class MatchRoutingRules
{
    /// <summary>The rule; null when none takes the request.</summary>
    /// <param name="rules">By priority.</param>
    /// <param name="path">The raw path.</param>
    /// <param name="headers">The request's fields.</param>
    public static RoutingRulePlan? Find(RoutingRulePlan[] rules, ReadOnlySpan<byte> path, HeaderTable headers)
    {
        ReadOnlySpan<byte> segment = FirstSegment(path, out _);
        foreach (RoutingRulePlan rule in rules)
        {
            if (HasBasePath(rule.BasePaths, segment) && HasFields(rule.Headers, headers)) return rule;
        }

        return null;
    }

    /// <summary>The first segment of a path; leading slashes beyond the first do not count.</summary>
    /// <param name="path">The raw path.</param>
    /// <param name="end">Gets where it ends.</param>
    public static ReadOnlySpan<byte> FirstSegment(ReadOnlySpan<byte> path, out int end)
    {
        int start = 0;
        while (start < path.Length && path[start] == '/') start++;
        int slash = path[start..].IndexOf((byte)'/');
        end = slash < 0 ? path.Length : start + slash;
        return path[start..end];
    }

    private static bool HasBasePath(byte[][] any, ReadOnlySpan<byte> segment)
    {
        if (any.Length == 0) return true;
        foreach (byte[] basePath in any)
        {
            if (segment.SequenceEqual(basePath)) return true;
        }

        return false;
    }

    private static bool HasFields(HeaderPattern[][] all, HeaderTable headers)
    {
        foreach (HeaderPattern[] any in all)
        {
            if (!HasField(any, headers)) return false;
        }

        return true;
    }

    private static bool HasField(HeaderPattern[] any, HeaderTable headers)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            foreach (HeaderPattern pattern in any)
            {
                if (Ascii.EqualsIgnoreCase(headers.Name(i), pattern.Name) && pattern.Matches(headers.Value(i))) return true;
            }
        }

        return false;
    }
}
