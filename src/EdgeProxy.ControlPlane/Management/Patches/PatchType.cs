namespace EdgeProxy.ControlPlane.Management.Patches;

/// <summary>What the text of a patch operation's value stands for.</summary>
public enum PatchType
{
    Text,
    Integer,
    Double,
    Boolean,

    /// <summary>Texts: <c>replace</c> takes them joined by commas, <c>add</c> and <c>remove</c> some of them.</summary>
    List,

    /// <summary>The path's last part is an item of a list: <c>add</c> adds it, <c>remove</c> removes it, <c>replace</c> puts the value in its place.</summary>
    ListItem,
}
