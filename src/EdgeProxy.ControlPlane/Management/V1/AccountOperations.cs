using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>The account (control-plane.md 1.6). A node is none: the throttle that it tells is the service's, and nothing is logged by the role.</summary>
internal static class AccountOperations
{
    private const string Key = "account";
    private const string UsagePlans = "UsagePlans";
    private const int MostFeatures = 20;

    private static readonly PatchRule[] s_rules = [new("/cloudwatchRoleArn", "R"), new("/features", "AD", PatchType.List)];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetAccount", "GET /account", 200, "", static call => Reply.Of(Shown(Open(call)))),
        new("UpdateAccount", "PATCH /account", 200, PatchDocument.Members, Update),
    ];

    private static WireValue Open(Call call) =>
        call.Book.Find(Scopes.Account, Kinds.Account, Key)?.Open() ?? WireValue.NewObject().Set("features", WireValue.Of([UsagePlans]));

    private static Reply Update(Call call)
    {
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue account = Open(call);
        if (ApplyPatch.Run(account, operations, s_rules, PatchDialect.Short) is { } refused) return refused;
        if (account.TextOf("cloudwatchRoleArn") is { } role)
        {
            if (role.Length == 0) account["cloudwatchRoleArn"] = null;
            else if (!IsRole(role)) return Reply.BadRequest("Role ARN is not well formed");
        }

        IReadOnlyList<string> features = account.TextsOf("features");
        if (!features.Contains(UsagePlans)) return Reply.BadRequest("Usage Plans cannot be disabled once enabled");
        foreach (string feature in features)
        {
            if (feature.Length > 64 || !feature.All(char.IsAsciiLetterOrDigit) || features.Count > MostFeatures) return Reply.BadRequest("Invalid feature specified");
        }

        call.Book.Put(Scopes.Account, Kinds.Account, Key, account);
        return Reply.Of(Shown(account));
    }

    private static WireValue Shown(WireValue account) => WireValue.NewObject()
        .Take(account, "cloudwatchRoleArn")
        .Set("throttleSettings", WireValue.NewObject().Set("burstLimit", 5000).Set("rateLimit", WireValue.Of(10_000.0)))
        .Take(account, "features")
        .Set("apiKeyVersion", "4");

    // arn:partition:iam::account:role/name
    private static bool IsRole(string arn)
    {
        string[] parts = arn.Split(':', 6);
        return arn.Length <= 2048 && parts.Length == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[5].StartsWith("role/", StringComparison.Ordinal) && parts[5].Length > 5;
    }
}
