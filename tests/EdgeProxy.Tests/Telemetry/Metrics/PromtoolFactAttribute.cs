namespace EdgeProxy.Tests.Telemetry.Metrics;

/// <summary>A test that asks promtool (Debian package prometheus); skipped, and said so, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute()
    {
        if (Program is null) Skip = "promtool is not installed (Debian package prometheus)";
    }

    /// <summary>Where promtool is, or null.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(directory => Path.Combine(directory, "promtool")).FirstOrDefault(File.Exists);
}
