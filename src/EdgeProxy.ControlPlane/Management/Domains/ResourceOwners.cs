using EdgeProxy.ControlPlane.Management.Shapes;

namespace EdgeProxy.ControlPlane.Management.Domains;

/// <summary>Whose domain names and access associations a list is asked for (control-plane.md 1.5). A node is one account: others own nothing here.</summary>
internal static class ResourceOwners
{
    private static readonly string[] s_owners = ["SELF", "OTHER_ACCOUNTS"];

    /// <summary>The answer when it is not this account that is asked for; null for the list itself.</summary>
    public static Reply? Elsewhere(Call call) => call.Query("resourceOwner") switch
    {
        null or "SELF" => null,
        "OTHER_ACCOUNTS" => Reply.Of("{\"item\":[]}"u8.ToArray()),
        { } other => CheckShape.Invalid([CheckShape.NotInSet(other, "resourceOwner", s_owners)]),
    };
}
