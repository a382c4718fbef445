using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.TestKit;

/// <summary>A REST API made by calls: a root, <c>/pets</c> and <c>/pets/{petId}</c>, and a GET of <c>/pets</c> with an answer 200 and a mock behind it.</summary>
public sealed class RestApiHarness
{
    /// <param name="change">Changes the services; null for those of the harness.</param>
    public RestApiHarness(Func<ManagementServices, ManagementServices>? change = null)
    {
        Management = new ManagementHarness(change: change);
        WireValue api = Management.Do("POST /restapis", """{"name":"pets"}""");
        Id = api.TextOf("id")!;
        Path = "/restapis/" + Id;
        Root = api.TextOf("rootResourceId")!;
        Pets = AddResource(Root, "pets");
        Pet = AddResource(Pets, "{petId}");
        Method = $"{Path}/resources/{Pets}/methods/GET";
        Integration = Method + "/integration";
        Management.Do("PUT " + Method, """{"authorizationType":"NONE","requestParameters":{"method.request.querystring.kind":false}}""");
        Management.Do($"PUT {Method}/responses/200", """{"responseParameters":{"method.response.header.X-Kind":false},"responseModels":{"application/json":"Empty"}}""");
        Management.Do("PUT " + Integration, """{"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\":200}"}}""");
        Management.Do($"PUT {Integration}/responses/200", """{"responseParameters":{"method.response.header.X-Kind":"'cat'"}}""");
    }

    public ManagementHarness Management { get; }

    public string Id { get; }

    /// <summary><c>/restapis/{id}</c>.</summary>
    public string Path { get; }

    /// <summary>The id of the root resource.</summary>
    public string Root { get; }

    /// <summary>The id of <c>/pets</c>.</summary>
    public string Pets { get; }

    /// <summary>The id of <c>/pets/{petId}</c>.</summary>
    public string Pet { get; }

    /// <summary>The path of GET on <c>/pets</c>.</summary>
    public string Method { get; }

    /// <summary>The path of its integration.</summary>
    public string Integration { get; }

    public WireValue Do(string target, string body = "") => Management.Do(target, body);

    public string Fail(string target, string body = "") => Management.Fail(target, body);

    public string AddResource(string parent, string part) =>
        Management.Do($"POST {Path}/resources/{parent}", WireValue.NewObject().Set("pathPart", part).ToString()).TextOf("id")!;

    /// <summary>Makes a Lambda authorizer and gives its id.</summary>
    public string AddAuthorizer(string name = "guard") => Management.Do(
        $"POST {Path}/authorizers",
        WireValue.NewObject().Set("name", name).Set("type", "TOKEN")
            .Set("authorizerUri", "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:guard/invocations").ToString()).TextOf("id")!;

    /// <summary>A patch document of one operation.</summary>
    public static string Patch(string op, string? path, string? value = null) => WireValue.NewObject()
        .Set("patchOperations", List(WireValue.NewObject().Set("op", op).Set("path", path).Set("value", value))).ToString();

    /// <summary>A patch document of several replacements.</summary>
    public static string Replace(params ReadOnlySpan<(string Path, string Value)> replacements)
    {
        WireValue operations = WireValue.NewList();
        foreach ((string path, string value) in replacements) operations.Items.Add(WireValue.NewObject().Set("op", "replace").Set("path", path).Set("value", value));
        return WireValue.NewObject().Set("patchOperations", operations).ToString();
    }

    private static WireValue List(WireValue item)
    {
        WireValue list = WireValue.NewList();
        list.Items.Add(item);
        return list;
    }
}
