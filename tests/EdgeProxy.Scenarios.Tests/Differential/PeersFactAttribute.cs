namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>A test that needs nginx and HAProxy (Debian packages nginx-light and haproxy); skipped, and said so, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeersFactAttribute : FactAttribute
{
    public PeersFactAttribute()
    {
        string[] missing = [.. new[] { "nginx", "haproxy" }.Where(program => PeerProxy.FindOrNull(program) is null)];
        if (missing.Length > 0) Skip = $"{string.Join(" and ", missing)} not installed (Debian packages nginx-light, haproxy)";
    }
}
