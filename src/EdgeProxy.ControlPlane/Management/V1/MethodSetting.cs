using EdgeProxy.ControlPlane.Management.Patches;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>A setting of a stage for a method: a row of the table in control-plane.md 3.2.</summary>
/// <param name="Tail">How a patch path ends that means it.</param>
/// <param name="Member">The member of the method's settings.</param>
/// <param name="Type">What its value is.</param>
/// <param name="Initial">Its value, as JSON, once a method has settings at all; null when it is then still missing.</param>
internal sealed record MethodSetting(string Tail, string Member, PatchType Type, string? Initial)
{
    /// <summary>The values it may have; null where any of the type will do.</summary>
    public string[]? Values { get; init; }

    /// <summary>The least number that it may be.</summary>
    public double Least { get; init; } = double.MinValue;

    /// <summary>The greatest number that it may be.</summary>
    public double Most { get; init; } = double.MaxValue;
}
