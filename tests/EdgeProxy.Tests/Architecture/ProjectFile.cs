using System.Xml.Linq;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Architecture;

/// <summary>What the architecture tests need to know of one project file.</summary>
/// <param name="Name">File name without <c>.csproj</c>.</param>
/// <param name="Path">Relative to the root of the repository, with <c>/</c>.</param>
/// <param name="References">Names of the projects it compiles against; analyzers are not among them.</param>
/// <param name="Friends">Names of the assemblies that may see its internals.</param>
internal sealed record ProjectFile(string Name, string Path, IReadOnlyList<string> References, IReadOnlyList<string> Friends)
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules"];

    public static IReadOnlyList<ProjectFile> ReadAll(string folder)
    {
        var all = new List<ProjectFile>();
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf(folder), "*.csproj", SearchOption.AllDirectories))
        {
            string relative = System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
            if (relative.Split('/').Any(part => NotOurs.Contains(part))) continue;
            all.Add(Read(file, relative));
        }

        Assert.NotEmpty(all);
        return all;
    }

    private static ProjectFile Read(string file, string relative)
    {
        XElement project = XElement.Load(file);
        return new ProjectFile(
            System.IO.Path.GetFileNameWithoutExtension(file),
            relative,
            [.. project.Descendants("ProjectReference")
                .Where(reference => (string?)reference.Attribute("OutputItemType") != "Analyzer")
                .Select(reference => NameOf(Included(reference)))],
            [.. project.Descendants("InternalsVisibleTo").Select(Included)]);
    }

    private static string Included(XElement item) => (string?)item.Attribute("Include") ?? "";

    private static string NameOf(string path) => System.IO.Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));
}
