using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>Tags by ARN, of both versions: they name the same things (control-plane.md 1.5, 2.2).</summary>
internal static class TagOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetTags", "GET /tags/{resource_arn+}", 200, "", Get),
        new("TagResource", "PUT /tags/{resource_arn+}", 204, "tags*:map<str>", Put),
        new("UntagResource", "DELETE /tags/{resource_arn+}", 204, "", Remove),
        new("GetTags", "GET /v2/tags/{resource_arn+}", 200, "", Get),
        new("TagResource", "POST /v2/tags/{resource_arn+}", 201, "tags:map<str>", Put),
        new("UntagResource", "DELETE /v2/tags/{resource_arn+}", 204, "", Remove),
    ];

    private static Reply Get(Call call) =>
        FindOrNull(call, out _, out _) is { } found ? Reply.Of(WireValue.NewObject().Set("tags", found.Open()["tags"] ?? WireValue.NewObject())) : Unknown(call);

    private static Reply Put(Call call)
    {
        if (FindOrNull(call, out string scope, out string kind) is not { } found) return Unknown(call);
        WireValue record = found.Open();
        WireValue tags = record.ObjectAt("tags");
        foreach ((string key, WireValue value) in call.Body.MembersOf("tags")) tags.Set(key, value.Text);
        if (Tagging.Check(call, tags) is { } wrong) return wrong;
        call.Book.Put(scope, kind, found.Key, record);
        return call.Operation.Version == ServiceVersion.V2 ? Reply.Of(WireValue.NewObject()) : Reply.Empty;
    }

    private static Reply Remove(Call call)
    {
        if (FindOrNull(call, out string scope, out string kind) is not { } found) return Unknown(call);
        WireValue record = found.Open();
        WireValue tags = record.ObjectAt("tags");
        bool named = false;
        foreach ((string name, string key) in call.QueryPairs)
        {
            if (name != "tagKeys") continue;
            named = true;
            tags[key] = null;
        }

        if (!named) return Reply.BadRequest("tagKeys are needed.");
        call.Book.Put(scope, kind, found.Key, record);
        return Reply.Empty;
    }

    private static Reply Unknown(Call call)
    {
        string arn = call.Path("resource_arn");
        if (Arns.PathOrNull(arn) is null) return Reply.BadRequest($"Invalid ARN. ARN is not well formed {arn}");
        string message = $"Invalid resource ARN specified {arn}";
        return call.Operation.Version == ServiceVersion.V2 ? Reply.NotFound(message, "Resource") : Reply.NotFound(message);
    }

    private static Record? FindOrNull(Call call, out string scope, out string kind)
    {
        scope = Scopes.Account;
        kind = "";
        string[] parts = Arns.PathOrNull(call.Path("resource_arn"))?.Split('/') ?? [];
        string key = parts.Length > 2 ? parts[2] : "";
        switch (parts)
        {
            case [_, "restapis", _]:
                (scope, kind) = (Scopes.RestApi(key), Kinds.RestApi);
                break;
            case [_, "apis", _]:
                (scope, kind) = (Scopes.Api(key), Kinds.Api);
                break;
            case [_, "restapis", _, "stages", _]:
                (scope, kind, key) = (Scopes.RestApi(key), Kinds.Stage, parts[4]);
                break;
            case [_, "apis", _, "stages", _]:
                (scope, kind, key) = (Scopes.Api(key), Kinds.Stage, parts[4]);
                break;
            case [_, "apikeys", _]:
                kind = Kinds.ApiKey;
                break;
            case [_, "usageplans", _]:
                kind = Kinds.UsagePlan;
                break;
            case [_, "clientcertificates", _]:
                kind = Kinds.ClientCertificate;
                break;
            case [_, "vpclinks", _]:
                // Links of both versions are called alike.
                kind = call.Book.Find(Scopes.Account, Kinds.VpcLink, key) is null ? Kinds.VpcLinkV2 : Kinds.VpcLink;
                break;
            case [_, "domainnames", _]:
                // Those of private domains end with an id, and have scopes of their own.
                (scope, kind, key) = (Scopes.DomainName(key), Kinds.DomainName, key.Split('+')[0]);
                break;
            case [_, "domainnameaccessassociations", ..]:
                (kind, key) = (Kinds.DomainNameAccessAssociation, call.Path("resource_arn"));
                break;
        }

        return kind.Length == 0 ? null : call.Book.Find(scope, kind, key);
    }
}
