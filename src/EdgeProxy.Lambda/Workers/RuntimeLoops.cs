namespace EdgeProxy.Lambda.Workers;

/// <summary>The Node.js and Python loops that EdgeProxy carries, as files of a private directory.</summary>
/// <remarks>The directory is made when first needed, readable by this user alone, and goes with <see cref="Dispose"/>.</remarks>
internal sealed class RuntimeLoops : IDisposable
{
    private readonly Lazy<string> _directory = new(Write);

    /// <summary><c>LAMBDA_RUNTIME_DIR</c>.</summary>
    public string Directory => _directory.Value;

    /// <summary>The Node.js loop; its argument is the handler.</summary>
    public string Node => Path.Combine(Directory, "loop.cjs");

    /// <summary>The Python loop; its argument is the handler.</summary>
    public string Python => Path.Combine(Directory, "loop.py");

    public void Dispose()
    {
        if (!_directory.IsValueCreated) return;
        try
        {
            System.IO.Directory.Delete(_directory.Value, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Left for whoever cleans up temporary files.
        }
    }

    private static string Write()
    {
        string directory = System.IO.Directory.CreateTempSubdirectory("edgeproxy-").FullName;
        foreach (string name in (ReadOnlySpan<string>)["loop.cjs", "loop.py"])
        {
            using Stream content = typeof(RuntimeLoops).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the binary.");
            using FileStream file = File.Create(Path.Combine(directory, name));
            content.CopyTo(file);
        }

        return directory;
    }
}
