using EdgeProxy.TestKit;

namespace EdgeProxy.Fuzz.Engine;

/// <summary>The files beside a target, and where findings go.</summary>
internal static class Corpus
{
    /// <summary>The folder of a target's seeds in the repository.</summary>
    public static string FolderOf(FuzzTarget target) => Repository.PathOf($"tests/EdgeProxy.Fuzz/Targets/{target.Name}/corpus");

    /// <summary>The inputs in a folder in the order of their names; none when there is no such folder.</summary>
    public static IReadOnlyList<byte[]> Read(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];

    /// <summary>Writes an input under a name made of its content and returns its path.</summary>
    public static string Write(string folder, byte[] input)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{Outcome.Of(input):x16}");
        File.WriteAllBytes(path, input);
        return path;
    }
}
