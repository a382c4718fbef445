namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The models of the bodies that a method declares for one status.</summary>
/// <param name="Status">The status.</param>
/// <param name="Bodies">By media type.</param>
internal sealed record ResponseModels(int Status, BodyModel[] Bodies);
