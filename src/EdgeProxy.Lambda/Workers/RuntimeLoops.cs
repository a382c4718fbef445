namespace EdgeProxy.Lambda.Workers;

/// <summary>The Node.js and Python loops that EdgeProxy carries, as files of a private directory.</summary>
/// <remarks>
/// The directory is made when first needed, readable by this user alone, and goes with <see cref="Dispose"/>. It lies where the system cleans up what has
/// not been used for days: what is gone is written again, into another directory, because somebody else could have made the old one anew. Any thread.
/// </remarks>
internal sealed class RuntimeLoops : IDisposable
{
    private const string NodeFile = "loop.cjs";
    private const string PythonFile = "loop.py";

    private readonly Lock _gate = new();
    private readonly List<string> _directories = [];

    /// <summary><c>LAMBDA_RUNTIME_DIR</c>.</summary>
    public string Directory
    {
        get
        {
            lock (_gate)
            {
                if (_directories.Count == 0 || !IsWhole(_directories[^1])) _directories.Add(Write());
                return _directories[^1];
            }
        }
    }

    /// <summary>The Node.js loop; its argument is the handler.</summary>
    public string Node => Path.Combine(Directory, NodeFile);

    /// <summary>The Python loop; its argument is the handler.</summary>
    public string Python => Path.Combine(Directory, PythonFile);

    public void Dispose()
    {
        foreach (string directory in _directories)
        {
            try
            {
                if (System.IO.Directory.Exists(directory)) System.IO.Directory.Delete(directory, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Left for whoever cleans up temporary files.
            }
        }
    }

    private static bool IsWhole(string directory) => File.Exists(Path.Combine(directory, NodeFile)) && File.Exists(Path.Combine(directory, PythonFile));

    private static string Write()
    {
        string directory = System.IO.Directory.CreateTempSubdirectory("edgeproxy-").FullName;
        foreach (string name in (ReadOnlySpan<string>)[NodeFile, PythonFile])
        {
            using Stream content = typeof(RuntimeLoops).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the binary.");
            using FileStream file = File.Create(Path.Combine(directory, name));
            content.CopyTo(file);
        }

        return directory;
    }
}
