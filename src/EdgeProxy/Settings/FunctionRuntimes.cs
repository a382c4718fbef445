namespace EdgeProxy.Settings;

/// <summary>The runtimes of functions that this node can run.</summary>
internal static class FunctionRuntimes
{
    /// <summary>Node.js, by the loop that EdgeProxy carries.</summary>
    public const string Node = "nodejs";

    /// <summary>Python, by the loop that EdgeProxy carries.</summary>
    public const string Python = "python";

    /// <summary>An executable called <c>bootstrap</c>.</summary>
    public const string Provided = "provided";

    /// <summary>Any command line that speaks the Runtime API.</summary>
    public const string Command = "command";

    public static IReadOnlyList<string> All { get; } = [Node, Python, Provided, Command];

    /// <summary>The runtime without its version (<c>nodejs</c> for <c>nodejs20.x</c>, <c>provided</c> for <c>provided.al2023</c>); null for one that this node does not have.</summary>
    public static string? FamilyOf(string runtime)
    {
        foreach (string family in All)
        {
            if (!runtime.StartsWith(family, StringComparison.Ordinal)) continue;
            string version = runtime[family.Length..];
            bool isVersion = version.Length == 0 || (family != Command && version.Length <= 16 && (family == Provided ? version[0] == '.' : char.IsAsciiDigit(version[0]))
                && version.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.'));
            if (isVersion) return family;
        }

        return null;
    }
}
