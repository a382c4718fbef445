using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>What the node says of one method of an API.</summary>
/// <param name="Path">The resource path as the document writes it.</param>
/// <param name="Verb">The verb, or <c>ANY</c>.</param>
/// <param name="Origin">Where it is configured.</param>
internal sealed record MethodSettings(string Path, string Verb, Origin Origin)
{
    /// <summary>The settings that may stand below a method.</summary>
    public static readonly string[] Names = ["throttle", "concurrency", "cache"];

    private static readonly string[] s_verbs = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "ANY"];

    /// <summary>How often it may be called; null for no limit.</summary>
    public ThrottleSettings? Throttle { get; init; }

    /// <summary>Whether <see cref="Throttle"/> was written; else the API's own holds.</summary>
    public bool SaysThrottle { get; init; }

    /// <summary>How many requests of it may be under way; null for any number.</summary>
    public ConcurrencySettings? Concurrency { get; init; }

    /// <summary>Whether <see cref="Concurrency"/> was written; else the API's own holds.</summary>
    public bool SaysConcurrency { get; init; }

    /// <summary>How its answers are cached; null where nothing was written.</summary>
    public CacheSettings? Cache { get; init; }

    /// <summary>Takes apart <c>/pets/{id}/GET</c>, as the service writes a method in its settings.</summary>
    public static bool TryParseName(string name, out string path, out string verb)
    {
        int slash = name.LastIndexOf('/');
        path = slash > 0 ? name[..slash] : "/";
        verb = name[(slash + 1)..];
        return slash >= 0 && name[0] == '/' && s_verbs.Contains(verb, StringComparer.Ordinal);
    }
}
