using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>What the node says of one method of an API.</summary>
/// <param name="Path">The resource path as the document writes it.</param>
/// <param name="Verb">The verb, or <c>ANY</c>.</param>
/// <param name="Throttle">How often it may be called, in place of the API's figures; null for no limit.</param>
/// <param name="Origin">Where it is configured.</param>
internal sealed record MethodSettings(string Path, string Verb, ThrottleSettings? Throttle, Origin Origin)
{
    private static readonly string[] s_verbs = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "ANY"];

    /// <summary>Takes apart <c>/pets/{id}/GET</c>, as the service writes a method in its settings.</summary>
    public static bool TryParseName(string name, out string path, out string verb)
    {
        int slash = name.LastIndexOf('/');
        path = slash > 0 ? name[..slash] : "/";
        verb = name[(slash + 1)..];
        return slash >= 0 && name[0] == '/' && s_verbs.Contains(verb, StringComparer.Ordinal);
    }
}
