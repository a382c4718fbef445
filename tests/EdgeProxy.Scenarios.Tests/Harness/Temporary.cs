namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>A folder of its own for one scenario, gone with it.</summary>
internal sealed class Temporary : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("edgeproxy-scenario-").FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Writes the file aside and renames it into place, as a careful operator does, and returns its path.</summary>
    public string Write(string name, string text)
    {
        string path = PathOf(name);
        string aside = path + ".new";
        File.WriteAllText(aside, text);
        File.Move(aside, path, overwrite: true);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A process that is just ending may still be writing; the system clears what is left.
        }
    }
}
