using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Architecture;

/// <summary>Keeps "What lives in each folder" of <c>src/README.md</c> true.</summary>
public sealed class FolderMapTests
{
    private static readonly string[] NotOurs = ["bin", "obj", "docs"];

    [Fact]
    public void Every_folder_of_a_project_has_a_line_and_every_line_a_folder() => Assert.Equal(Folders().Order(StringComparer.Ordinal), Lines().Order(StringComparer.Ordinal));

    private static IEnumerable<string> Folders()
    {
        string root = Repository.PathOf("src");
        foreach (string folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories))
        {
            string[] parts = Path.GetRelativePath(root, folder).Split(Path.DirectorySeparatorChar);
            if (parts.Length < 2 || parts.Any(part => NotOurs.Contains(part)) || !Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any()) continue;
            string name = string.Join('/', parts);
            yield return name.StartsWith("EdgeProxy.", StringComparison.Ordinal) ? name["EdgeProxy.".Length..] : name;
        }
    }

    private static IEnumerable<string> Lines()
    {
        bool isMap = false;
        foreach (string line in File.ReadLines(Repository.PathOf("src/README.md")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) isMap = line == "## What lives in each folder";
            if (isMap && line.Contains('/', StringComparison.Ordinal) && line.StartsWith("| ", StringComparison.Ordinal)) yield return line.Split('|')[1].Trim();
        }
    }
}
