namespace EdgeProxy.ControlPlane.Management.Patches;

/// <summary>What a patch operation does.</summary>
public enum PatchOp
{
    Add,
    Remove,
    Replace,
    Copy,
}
