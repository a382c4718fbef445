using System.Reflection;
using System.Runtime.InteropServices;

namespace EdgeProxy.Commands;

/// <summary>Which build this is.</summary>
internal static class BuildVersion
{
    /// <summary>As in <c>0.1.0</c>.</summary>
    public static string Number { get; } = Informational().Split('+')[0];

    /// <summary>The source revision; <c>unknown</c> for a build outside version control.</summary>
    public static string Revision { get; } = Informational().Split('+') is [_, var revision] ? revision : "unknown";

    /// <summary>The runtime linked in.</summary>
    public static string Runtime => RuntimeInformation.FrameworkDescription;

    private static string Informational() =>
        typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
