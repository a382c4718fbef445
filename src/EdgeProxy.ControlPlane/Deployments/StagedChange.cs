using EdgeProxy.Compiler;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>The stages of stored APIs as they are after a change.</summary>
public sealed class StagedChange
{
    internal StagedChange(Dictionary<string, MountedApi[]> served, IReadOnlyList<MountedApi> all, IReadOnlyList<ServedStage> touched)
    {
        Served = served;
        All = all;
        Touched = touched;
    }

    /// <summary>All stages.</summary>
    public IReadOnlyList<MountedApi> All { get; }

    /// <summary>Those that the change touched.</summary>
    public IReadOnlyList<ServedStage> Touched { get; }

    /// <summary>The stages by API.</summary>
    internal Dictionary<string, MountedApi[]> Served { get; }
}
