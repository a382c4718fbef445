using System.Diagnostics.CodeAnalysis;
using System.Text;
using EdgeProxy.ControlPlane.Management.Shapes;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Finds what the path of a call on a REST API names, and says in the service's words what is not there (control-plane.md 1.4).</summary>
internal static class RestLookup
{
    /// <summary>The scope of the API that the path names.</summary>
    public static string ScopeOf(Call call) => Scopes.RestApi(call.Path("restapi_id"));

    /// <summary>The API's own record.</summary>
    public static bool TryApi(Call call, [NotNullWhen(true)] out Record? api, [NotNullWhen(false)] out Reply? fault)
    {
        api = call.Book.Find(ScopeOf(call), Kinds.RestApi, call.Path("restapi_id"));
        fault = api is null ? UnknownApi(call, call.Path("restapi_id")) : null;
        return api is not null;
    }

    /// <summary>Null when the API is there.</summary>
    public static Reply? MissingApi(Call call) => TryApi(call, out _, out Reply? fault) ? null : fault;

    /// <summary>As <see cref="MissingApi"/>, in the words of the operations that take the API for an argument.</summary>
    public static Reply? InvalidApi(Call call) => TryApi(call, out _, out _) ? null : Reply.BadRequest("Invalid REST API identifier specified");

    public static Reply UnknownApi(Call call, string id) => Reply.NotFound($"Invalid API identifier specified {call.Options.AccountId}:{id}");

    /// <summary>The resource of the path; of an unknown API the service says the same as of an unknown resource.</summary>
    public static bool TryResource(Call call, string name, [NotNullWhen(true)] out Record? resource, [NotNullWhen(false)] out Reply? fault)
    {
        resource = call.Book.Find(ScopeOf(call), Kinds.Resource, call.Path(name));
        fault = resource is null ? Reply.NotFound("Invalid Resource identifier specified") : null;
        return resource is not null;
    }

    /// <summary>The key of the method that the path names.</summary>
    public static string MethodKey(Call call) => $"{call.Path("resource_id")}/{call.Path("http_method")}";

    /// <summary>The method of the path.</summary>
    public static bool TryMethod(Call call, [NotNullWhen(true)] out Record? method, [NotNullWhen(false)] out Reply? fault)
    {
        method = null;
        if (!TryResource(call, "resource_id", out _, out fault)) return false;
        method = call.Book.Find(ScopeOf(call), Kinds.Method, MethodKey(call));
        if (method is null) fault = Reply.NotFound("Invalid Method identifier specified");
        return method is not null;
    }

    /// <summary>The method of the path, opened, and its integration.</summary>
    public static bool TryIntegration(Call call, [NotNullWhen(true)] out WireValue? method, [NotNullWhen(true)] out WireValue? integration, [NotNullWhen(false)] out Reply? fault)
    {
        method = null;
        integration = null;
        if (!TryMethod(call, out Record? record, out fault)) return false;
        method = record.Open();
        integration = method["methodIntegration"];
        if (integration is null) fault = Reply.NotFound("Invalid Integration identifier specified");
        return integration is not null;
    }

    /// <summary>The status code of the path, when it is none: a fault in the words of the shapes.</summary>
    public static Reply? WrongStatus(Call call) => StatusIsWrong(call.Path("status_code"), "statusCode");

    /// <summary>A fault when a text is no status code.</summary>
    /// <param name="status">The text.</param>
    /// <param name="path">Where it was.</param>
    public static Reply? StatusIsWrong(string status, string path) =>
        status.Length == 3 && status[0] is >= '1' and <= '5' && char.IsAsciiDigit(status[1]) && char.IsAsciiDigit(status[2])
            ? null
            : CheckShape.Invalid([$"Value '{(status.Length <= 200 ? status : status[..200])}' at '{path}' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d"]);

    /// <summary>Says that a text out of a few is another.</summary>
    public static Reply NotOneOf(string member, string[] values) => Reply.BadRequest($"Invalid {member} specified. Valid options are {string.Join(",", values)}");

    /// <summary>The first method in which a member is a value, as <c>GET//pets</c>; null when there is none.</summary>
    public static string? MethodWith(Call call, string member, string value)
    {
        string scope = ScopeOf(call);
        byte[] needle = Encoding.UTF8.GetBytes($"\"{member}\":{WireValue.Of(value)}");
        foreach (Record record in call.Book.All(scope, Kinds.Method))
        {
            if (record.Json.Span.IndexOf(needle) < 0 || record.Open().TextOf(member) != value) continue;
            int slash = record.Key.IndexOf('/', StringComparison.Ordinal);
            return $"{record.Key[(slash + 1)..]}/{PathOf(call, record.Key[..slash])}";
        }

        return null;
    }

    /// <summary>The path of a resource.</summary>
    public static string PathOf(Call call, string resourceId) => call.Book.Find(ScopeOf(call), Kinds.Resource, resourceId)?.Open().TextOf("path") ?? "";

    /// <summary>Removes members that are empty texts: clients clear what is optional in that way.</summary>
    public static void DropEmpty(WireValue value, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (value.TextOf(name) is "") value[name] = null;
        }
    }

    /// <summary>Removes members that are empty maps.</summary>
    public static void DropEmptyMaps(WireValue value, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (value[name] is { IsObject: true, Members.Count: 0 } or { IsList: true, Items.Count: 0 }) value[name] = null;
        }
    }

    /// <summary>What is said of a key of a map that is not there.</summary>
    public static Reply MissingKey(Patches.PatchOperation operation) => operation.Segments[0] is "responseTemplates" or "requestTemplates" or "requestModels" or "responseModels"
        ? Reply.NotFound("Content-Type specified was not found")
        : Reply.NotFound("Invalid parameter name specified");

    /// <summary>Keeps a method that was changed.</summary>
    public static void PutMethod(Call call, WireValue method) => call.Book.Put(ScopeOf(call), Kinds.Method, MethodKey(call), method);
}
