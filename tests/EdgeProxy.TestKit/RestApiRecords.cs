using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.TestKit;

/// <summary>The records of a REST API, as the operations that make one leave them, for tests of what comes after.</summary>
public static class RestApiRecords
{
    /// <summary>The id of the API.</summary>
    public const string Api = "abcdefgh01";

    /// <summary>An integration that answers 200 by itself.</summary>
    public const string Mock = """{"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\": 200}"},"passthroughBehavior":"WHEN_NO_MATCH","timeoutInMillis":29000,"cacheKeyParameters":[],"integrationResponses":{"200":{"statusCode":"200"}}}""";

    /// <summary>A book with one API.</summary>
    /// <param name="methods">Verb and path: <c>GET /pets/{id}</c>. All have a mock integration; with an exclamation mark in front none.</param>
    public static RecordBook Book(params string[] methods)
    {
        var edit = new BookEdit(RecordBook.Empty);
        string scope = Scopes.RestApi(Api);
        edit.Put(scope, Kinds.RestApi, Api, Parse($$"""{"id":"{{Api}}","name":"pets","createdDate":1,"apiKeySource":"HEADER","endpointConfiguration":{"types":["REGIONAL"],"ipAddressType":"ipv4"},"disableExecuteApiEndpoint":false,"rootResourceId":"root000000"}"""));
        edit.Put(scope, Kinds.Resource, "root000000", Parse("""{"id":"root000000","path":"/"}"""));
        foreach (string method in methods)
        {
            int blank = method.IndexOf(' ', StringComparison.Ordinal);
            AddMethod(edit, method[..blank].TrimStart('!'), method[(blank + 1)..], method[0] == '!' ? null : Mock);
        }

        return edit.Result();
    }

    /// <summary>Adds a method, and the resources that lead to it.</summary>
    /// <param name="edit">Gets it.</param>
    /// <param name="verb">Its verb.</param>
    /// <param name="path">Its path.</param>
    /// <param name="integration">The integration as JSON; null for none.</param>
    /// <param name="members">More members of the method, as JSON.</param>
    public static void AddMethod(BookEdit edit, string verb, string path, string? integration, string members = "{}")
    {
        string scope = Scopes.RestApi(Api);
        string parent = "root000000";
        string so = "";
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            so += "/" + part;
            string id = IdOf(edit, so) ?? $"r{edit.All(scope, Kinds.Resource).Count:000000000}";
            edit.Put(scope, Kinds.Resource, id, WireValue.NewObject().Set("id", id).Set("parentId", parent).Set("pathPart", part).Set("path", so));
            parent = id;
        }

        WireValue method = WireValue.NewObject().Set("httpMethod", verb).Set("authorizationType", "NONE").Set("apiKeyRequired", false).Set("methodResponses", Parse("""{"200":{"statusCode":"200"}}"""));
        foreach ((string name, WireValue value) in Parse(members).Members) method[name] = value;
        if (integration is not null) method["methodIntegration"] = Parse(integration);
        edit.Put(scope, Kinds.Method, $"{parent}/{verb}", method);
    }

    /// <summary>The id of the resource at a path; null when there is none.</summary>
    public static string? IdOf(BookEdit edit, string path)
    {
        foreach (Record resource in edit.All(Scopes.RestApi(Api), Kinds.Resource))
        {
            if (resource.Open().TextOf("path") == path) return resource.Key;
        }

        return null;
    }

    private static WireValue Parse(string json) => WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(json));
}
