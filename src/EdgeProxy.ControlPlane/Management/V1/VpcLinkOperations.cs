using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>VPC links of REST APIs (control-plane.md 3.6): names of ways into a network, which the settings map to addresses.</summary>
internal static class VpcLinkOperations
{
    private const string Unknown = "Invalid Vpc Link identifier specified";

    private static readonly PatchRule[] s_rules = [new("/name", "R"), new("/description", "R")];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetVpcLinks", "GET /vpclinks", 200, "", static call => Paging.List(call, call.Book.All(Scopes.Account, Kinds.VpcLink))),
        new("CreateVpcLink", "POST /vpclinks", 202, "name*:str description:str targetArns*:[str] tags:map<str>", Create),
        new("GetVpcLink", "GET /vpclinks/{vpclink_id}", 200, "", static call => FindOrNull(call) is { } found ? Tagging.Show(found) : Reply.NotFound(Unknown)),
        new("UpdateVpcLink", "PATCH /vpclinks/{vpclink_id}", 200, PatchDocument.Members, Update),
        new("DeleteVpcLink", "DELETE /vpclinks/{vpclink_id}", 202, "", Delete),
    ];

    /// <summary>What uses a link, as a fault of its deletion; null when nothing does.</summary>
    public static Reply? InUse(Call call, string id)
    {
        List<string> users = References.Find(call.Book, Kinds.Method, "connectionId", id);
        users.AddRange(References.Find(call.Book, Kinds.Integration, "connectionId", id));
        if (users.Count == 0) users = References.FindServed(call, id);
        if (users.Count == 0) return null;
        return Reply.BadRequest($"Cannot delete vpc link. Vpc link '{id}', is referenced in [{string.Join(", ", users)}] in format of [ApiId:Resource/Method] or [ApiId:Integration].");
    }

    private static Record? FindOrNull(Call call) => call.Book.Find(Scopes.Account, Kinds.VpcLink, call.Path("vpclink_id"));

    private static Reply Create(Call call)
    {
        int most = call.Options.Limits.VpcLinks;
        if (call.Book.All(Scopes.Account, Kinds.VpcLink).Count >= most) return Reply.LimitExceeded(LimitNames.VpcLinks, $"Maximum number of VPC links has been reached: {most}");
        if (call.Body.TextOf("name") is not { Length: > 0 }) return Reply.BadRequest("Name cannot be empty");
        IReadOnlyList<string> targets = call.Body.TextsOf("targetArns");
        if (targets.Count == 0) return Reply.BadRequest("No target arn specified for vpc link.");
        if (targets.Count > 1) return Reply.BadRequest("More than one target arn specified for vpc link.");
        if (!IsLoadBalancer(targets[0])) return Reply.BadRequest($"Invalid ARN. ARN is not well formed {targets[0]}");
        if (!Tagging.TryTakeId(call, Ids.Long, id => call.Book.Find(Scopes.Account, Kinds.VpcLink, id) is not null, out string? id, out Reply? fault)) return fault;
        WireValue link = WireValue.NewObject().Set("id", id).Take(call.Body, "name", "description", "targetArns").Set("status", "AVAILABLE").Set("statusMessage", "Your vpc link is ready for use");
        if (Tagging.Take(call, link, call.Body) is { } wrongTags) return wrongTags;
        call.Book.Put(Scopes.Account, Kinds.VpcLink, id, link);

        // There is nothing to wait for, but clients expect it of a create.
        return Reply.Of(link.Set("status", "PENDING").Set("statusMessage", (string?)null));
    }

    private static Reply Update(Call call)
    {
        if (FindOrNull(call) is not { } found) return Reply.NotFound(Unknown);
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue link = found.Open();
        foreach (PatchOperation operation in operations)
        {
            if (operation.Segments is ["targetArns", ..]) return Reply.BadRequest("Target arns are not allowed to be changed/added.");
            if (ApplyPatch.RunOne(link, operation, s_rules, PatchDialect.Short) is { } refused) return refused;
        }

        if (link.TextOf("name") is not { Length: > 0 }) return Reply.BadRequest("Name cannot be empty");
        var record = new Record(found.Key, link.ToBytes());
        call.Book.Put(Scopes.Account, Kinds.VpcLink, record);
        return Tagging.Show(record);
    }

    private static Reply Delete(Call call)
    {
        string id = call.Path("vpclink_id");
        if (FindOrNull(call) is null) return Reply.NotFound(Unknown);
        if (InUse(call, id) is { } used) return used;
        call.Book.Remove(Scopes.Account, Kinds.VpcLink, id);
        return Reply.Empty;
    }

    // arn:partition:elasticloadbalancing:region:account:loadbalancer/net/name/id
    private static bool IsLoadBalancer(string arn)
    {
        string[] parts = arn.Split(':', 6);
        return arn.Length <= 2048 && parts.Length == 6 && parts[0] == "arn" && parts[2] == "elasticloadbalancing" && parts[5].StartsWith("loadbalancer/net/", StringComparison.Ordinal);
    }
}
