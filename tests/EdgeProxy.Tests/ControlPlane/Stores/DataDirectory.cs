namespace EdgeProxy.Tests.ControlPlane.Stores;

/// <summary>A directory for one test.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("edgeproxy-store-");

    /// <summary>Not there yet.</summary>
    public string Path => System.IO.Path.Combine(_parent.FullName, "data");

    public string File => System.IO.Path.Combine(Path, "edgeproxy.db");

    public void Dispose() => _parent.Delete(recursive: true);
}
