namespace EdgeProxy.ControlPlane.Management;

/// <summary>All operations there are, family by family.</summary>
public static class OperationList
{
    public static IReadOnlyList<Operation> All { get; } =
    [
    ];
}
