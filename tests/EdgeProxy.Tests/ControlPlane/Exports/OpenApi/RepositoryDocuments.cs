using System.Text.RegularExpressions;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Exports.OpenApi;

/// <summary>Every API document that stands in the repository: in files, and in the texts of tests.</summary>
internal static partial class RepositoryDocuments
{
    public static IEnumerable<(string Name, string Text)> All()
    {
        foreach (string folder in new[] { "deploy", "perf", "tests" })
        {
            foreach (string file in Directory.EnumerateFiles(Repository.PathOf(folder), "*.*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                if (file.Contains("node_modules", StringComparison.Ordinal) || file.Contains("/obj/", StringComparison.Ordinal) || file.Contains("/bin/", StringComparison.Ordinal)) continue;
                if (file.EndsWith(".openapi.yaml", StringComparison.Ordinal)) yield return (file, File.ReadAllText(file));
                if (!file.EndsWith(".cs", StringComparison.Ordinal)) continue;
                int index = 0;
                foreach (Match match in RawText().Matches(File.ReadAllText(file)))
                {
                    string text = WithoutIndentation(match.Groups["text"].Value, match.Groups["indent"].Value);
                    if (Beginning().IsMatch(text)) yield return ($"{file}#{index++}", text);
                }
            }
        }
    }

    private static string WithoutIndentation(string text, string indent) =>
        string.Join('\n', text.Split('\n').Select(line => line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line.TrimStart()));

    [GeneratedRegex("\"{3}\\n(?<text>(?:(?!\"{3}).)*?)\\n(?<indent> *)\"{3}", RegexOptions.Singleline)]
    private static partial Regex RawText();

    [GeneratedRegex("^(\\{\\s*\")?(openapi|swagger)", RegexOptions.Multiline)]
    private static partial Regex Beginning();
}
