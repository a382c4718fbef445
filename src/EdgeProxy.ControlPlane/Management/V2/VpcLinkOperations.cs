using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>VPC links of HTTP APIs, which REST APIs may use as well (control-plane.md 2.4). Subnets and groups are texts here; only the name changes.</summary>
internal static class VpcLinkOperations
{
    private const int MostGroups = 50;

    private static readonly Members s_members = new("name:128 subnetIds:255 securityGroupIds:255");
    private static readonly Members s_changed = new("name:128");

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetVpcLinks", "GET /v2/vpclinks", 200, "", static call => Paging.List(call, call.Book.All(Scopes.Account, Kinds.VpcLinkV2))),
        new("CreateVpcLink", "POST /v2/vpclinks", 201, "name*:str securityGroupIds:[str] subnetIds*:[str] tags:map<str>", Create),
        new("GetVpcLink", "GET /v2/vpclinks/{vpcLinkId}", 200, "", static call => FindOrNull(call) is { } found ? Reply.Of(found) : Unknown(call)),
        new("UpdateVpcLink", "PATCH /v2/vpclinks/{vpcLinkId}", 200, "name:str", Update),
        new("DeleteVpcLink", "DELETE /v2/vpclinks/{vpcLinkId}", 202, "", Delete),
    ];

    private static Record? FindOrNull(Call call) => call.Book.Find(Scopes.Account, Kinds.VpcLinkV2, call.Path("vpcLinkId"));

    private static Reply Unknown(Call call) => Reply.NotFound($"Invalid VpcLink identifier specified {call.Path("vpcLinkId")}", "VpcLink");

    private static Reply Create(Call call)
    {
        int most = call.Options.Limits.VpcLinks;
        if (call.Book.All(Scopes.Account, Kinds.VpcLinkV2).Count >= most) return Reply.TooMany(LimitNames.VpcLinks, $"Maximum number of VPC links has been reached: {most}", "VpcLinks");
        if (call.Body.TextOf("name") is not { Length: > 0 }) return Reply.BadRequest("Name cannot be empty");
        IReadOnlyList<string> subnets = call.Body.TextsOf("subnetIds");
        if (subnets.Count == 0) return Reply.BadRequest("At least one subnet must be specified");
        if (subnets.Count > MostGroups || call.Body.TextsOf("securityGroupIds").Count > MostGroups) return Reply.BadRequest($"At most {MostGroups} subnets and security groups can be specified");
        if (subnets.Contains("") || call.Body.TextsOf("securityGroupIds").Contains("")) return Reply.BadRequest("Subnets and security groups cannot be empty");
        if (!Tagging.TryTakeId(call, Ids.Short, id => call.Book.Find(Scopes.Account, Kinds.VpcLinkV2, id) is not null, out string? id, out Reply? fault)) return fault;
        WireValue link = WireValue.NewObject().Set("vpcLinkId", id);
        if (s_members.Merge(link, call.Body, call.Options.Limits) is { } wrong) return wrong;
        link.Set("createdDate", call.NowText).ListAt("securityGroupIds");
        link.Set("vpcLinkStatus", "AVAILABLE").Set("vpcLinkStatusMessage", "VPC link is ready to route traffic").Set("vpcLinkVersion", "V2").ObjectAt("tags");
        if (Tagging.Take(call, link, call.Body) is { } wrongTags) return wrongTags;
        call.Book.Put(Scopes.Account, Kinds.VpcLinkV2, id, link);

        // There is nothing to wait for, but clients expect it of a create.
        return Reply.Of(link.Set("vpcLinkStatus", "PENDING").Set("vpcLinkStatusMessage", "VPC link is provisioning ENIs"));
    }

    private static Reply Update(Call call)
    {
        if (FindOrNull(call) is not { } found) return Unknown(call);
        WireValue link = found.Open();
        if (s_changed.Merge(link, call.Body, call.Options.Limits) is { } wrong) return wrong;
        if (link["name"] is null) return Reply.BadRequest("Name cannot be empty");
        call.Book.Put(Scopes.Account, Kinds.VpcLinkV2, found.Key, link);
        return Reply.Of(link);
    }

    private static Reply Delete(Call call)
    {
        if (FindOrNull(call) is not { } found) return Unknown(call);
        if (V1.VpcLinkOperations.InUse(call, found.Key) is { } used) return used;
        call.Book.Remove(Scopes.Account, Kinds.VpcLinkV2, found.Key);
        return Reply.Empty;
    }
}
