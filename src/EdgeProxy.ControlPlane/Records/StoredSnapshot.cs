namespace EdgeProxy.ControlPlane.Records;

/// <summary>What a deployment froze, as it lies in the store. Deployments of the same content share one.</summary>
/// <param name="Id">The hash of the content, by which deployments name it.</param>
/// <param name="Content">Packed records.</param>
public sealed record StoredSnapshot(string Id, byte[] Content)
{
    /// <summary>What was packed, for those who would unpack it at once; null when it came from the store.</summary>
    internal RecordScope? Scope { get; init; }
}
