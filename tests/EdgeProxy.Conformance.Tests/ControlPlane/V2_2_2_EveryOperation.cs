using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Management.Shapes;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 2.2 and 2.5: what all operations of V2 have in common, held against each of them.</summary>
public sealed class V2_2_2_EveryOperation
{
    private const string Document = """{"body":"{\"openapi\":\"3.0.1\",\"info\":{\"title\":\"t\",\"version\":\"1\"},\"paths\":{\"/a\":{\"get\":{\"responses\":{}}}}}"}""";

    private readonly V2Api _api = new();

    public static TheoryData<string> Names => [.. Operations.Select(static operation => operation.Name)];

    public static TheoryData<string> NamesWithMembers => [.. Operations.Where(static operation => operation.Members.Length > 0).Select(static operation => operation.Name)];

    private static IEnumerable<Operation> Operations => OperationList.All.Where(static operation => operation.Version == ServiceVersion.V2);

    [Fact]
    public void Can_be_done()
    {
        var done = new HashSet<string>();
        string http = _api.Http;
        string socket = _api.WebSocket;
        string integration = $"{socket}/integrations/{_api.WebSocketIntegration}";

        string route = $"{socket}/routes/" + Do("CreateRoute", $"POST {socket}/routes", $$"""{"target":"integrations/{{_api.WebSocketIntegration}}","routeKey":"$connect","requestParameters":{"route.request.header.a":{"required":true} } }""", "routeId");
        Do("GetRoutes", $"GET {socket}/routes");
        Do("GetRoute", $"GET {route}");
        Do("UpdateRoute", $"PATCH {route}", """{"operationName":"o"}""");
        string response = $"{route}/routeresponses/" + Do("CreateRouteResponse", $"POST {route}/routeresponses", """{"routeResponseKey":"$default"}""", "routeResponseId");
        Do("GetRouteResponses", $"GET {route}/routeresponses");
        Do("GetRouteResponse", $"GET {response}");
        Do("UpdateRouteResponse", $"PATCH {response}", """{"modelSelectionExpression":"a"}""");
        Do("DeleteRouteResponse", $"DELETE {response}");

        string another = $"{socket}/integrations/" + Do("CreateIntegration", $"POST {socket}/integrations", """{"integrationType":"MOCK"}""", "integrationId");
        Do("GetIntegrations", $"GET {socket}/integrations");
        Do("GetIntegration", $"GET {another}");
        Do("UpdateIntegration", $"PATCH {another}", """{"description":"d"}""");
        string answer = $"{integration}/integrationresponses/" + Do("CreateIntegrationResponse", $"POST {integration}/integrationresponses", """{"integrationResponseKey":"$default"}""", "integrationResponseId");
        Do("GetIntegrationResponses", $"GET {integration}/integrationresponses");
        Do("GetIntegrationResponse", $"GET {answer}");
        Do("UpdateIntegrationResponse", $"PATCH {answer}", """{"integrationResponseKey":"/2../"}""");
        Do("DeleteIntegrationResponse", $"DELETE {answer}");
        Do("DeleteIntegration", $"DELETE {another}");

        string authorizer = $"{socket}/authorizers/" + Do("CreateAuthorizer", $"POST {socket}/authorizers", $$"""{"authorizerType":"REQUEST","name":"a","identitySource":[],"authorizerUri":"{{V2Api.Function}}"}""", "authorizerId");
        Do("GetAuthorizers", $"GET {socket}/authorizers");
        Do("GetAuthorizer", $"GET {authorizer}");
        Do("UpdateAuthorizer", $"PATCH {authorizer}", """{"name":"b"}""");
        Do("DeleteAuthorizer", $"DELETE {authorizer}");

        string model = $"{socket}/models/" + Do("CreateModel", $"POST {socket}/models", """{"name":"m","schema":"{\"type\":\"object\"}"}""", "modelId");
        Do("GetModels", $"GET {socket}/models");
        Do("GetModel", $"GET {model}");
        Do("UpdateModel", $"PATCH {model}", """{"description":"d"}""");
        Do("GetModelTemplate", $"GET {model}/template");
        Do("DeleteModel", $"DELETE {model}");

        string deployment = $"{socket}/deployments/" + Do("CreateDeployment", $"POST {socket}/deployments", "{}", "deploymentId");
        Do("GetDeployments", $"GET {socket}/deployments");
        Do("GetDeployment", $"GET {deployment}");
        Do("UpdateDeployment", $"PATCH {deployment}", """{"description":"d"}""");
        Do("CreateStage", $"POST {socket}/stages", """{"stageName":"s","routeSettings":{"$connect":{"throttlingBurstLimit":1}}}""");
        Do("GetStages", $"GET {socket}/stages");
        Do("GetStage", $"GET {socket}/stages/s");
        Do("UpdateStage", $"PATCH {socket}/stages/s", $$"""{"deploymentId":"{{deployment[(deployment.LastIndexOf('/') + 1)..]}}"}""");
        Do("DeleteAccessLogSettings", $"DELETE {socket}/stages/s/accesslogsettings");
        Do("DeleteRouteSettings", $"DELETE {socket}/stages/s/routesettings/%24connect");
        Do("DeleteStage", $"DELETE {socket}/stages/s");
        Do("DeleteDeployment", $"DELETE {deployment}");
        Do("CreateStage", $"POST {http}/stages", """{"stageName":"s"}""");
        Do("ResetAuthorizersCache", $"DELETE {http}/stages/s/cache/authorizers");
        Do("DeleteRouteRequestParameter", $"DELETE {route}/requestparameters/route.request.header.a");
        Do("DeleteRoute", $"DELETE {route}");

        string api = "/v2/apis/" + Do("CreateApi", "POST /v2/apis", """{"name":"n","protocolType":"HTTP"}""", "apiId");
        Do("ImportApi", "PUT /v2/apis", Document, "apiId");
        Do("GetApis", "GET /v2/apis");
        Do("GetApi", $"GET {api}");
        Do("UpdateApi", $"PATCH {api}", """{"corsConfiguration":{"allowOrigins":["*"]}}""");
        Do("DeleteCorsConfiguration", $"DELETE {api}/cors");
        Do("ReimportApi", $"PUT {api}", Document, "apiId");
        Do("ExportApi", $"GET {api}/exports/OAS30?outputType=JSON");
        string arn = Uri.EscapeDataString("arn:aws:apigateway:us-east-1::" + api[3..]);
        Do("TagResource", $"POST /v2/tags/{arn}", """{"tags":{"a":"b"}}""");
        Do("GetTags", $"GET /v2/tags/{arn}");
        Do("UntagResource", $"DELETE /v2/tags/{arn}?tagKeys=a");
        Do("DeleteApi", $"DELETE {api}");

        const string Domain = "/v2/domainnames/a.example.com";
        Do("CreateDomainName", "POST /v2/domainnames", """{"domainName":"a.example.com"}""");
        Do("GetDomainNames", "GET /v2/domainnames");
        Do("GetDomainName", $"GET {Domain}");
        Do("UpdateDomainName", $"PATCH {Domain}", """{"routingMode":"ROUTING_RULE_THEN_API_MAPPING"}""");
        string target = $$"""{"apiId":"{{http["/v2/apis/".Length..]}}","stage":"s"}""";
        string mapping = $"{Domain}/apimappings/" + Do("CreateApiMapping", $"POST {Domain}/apimappings", target, "apiMappingId");
        Do("GetApiMappings", $"GET {Domain}/apimappings");
        Do("GetApiMapping", $"GET {mapping}");
        Do("UpdateApiMapping", $"PATCH {mapping}", target);
        Do("DeleteApiMapping", $"DELETE {mapping}");
        string rest = _api.Do("POST /restapis", """{"name":"r"}""").TextOf("id")!;
        string resource = _api.Do($"GET /restapis/{rest}/resources")["item"]!.Items[0].TextOf("id")!;
        _api.Do($"PUT /restapis/{rest}/resources/{resource}/methods/GET", """{"authorizationType":"NONE"}""");
        _api.Do($"PUT /restapis/{rest}/resources/{resource}/methods/GET/integration", """{"type":"MOCK"}""");
        _api.Do($"POST /restapis/{rest}/deployments", """{"stageName":"s"}""");
        string rule = $$$"""{"actions":[{"invokeApi":{"apiId":"{{{rest}}}","stage":"s"}}],"conditions":[],"priority":1}""";
        string made = $"{Domain}/routingrules/" + Do("CreateRoutingRule", $"POST {Domain}/routingrules", rule, "routingRuleId");
        Do("ListRoutingRules", $"GET {Domain}/routingrules");
        Do("GetRoutingRule", $"GET {made}");
        Do("PutRoutingRule", $"PUT {made}", rule);
        Do("DeleteRoutingRule", $"DELETE {made}");
        Do("DeleteDomainName", $"DELETE {Domain}");

        string link = "/v2/vpclinks/" + Do("CreateVpcLink", "POST /v2/vpclinks", """{"name":"n","subnetIds":["s"]}""", "vpcLinkId");
        Do("GetVpcLinks", "GET /v2/vpclinks");
        Do("GetVpcLink", $"GET {link}");
        Do("UpdateVpcLink", $"PATCH {link}", """{"name":"m"}""");
        Do("DeleteVpcLink", $"DELETE {link}");

        Assert.Empty(Operations.Select(static operation => operation.Name).Except(done));

        // Its answer is the named member's text; it must be the operation that it is meant to be, with the status of its row.
        string Do(string name, string call, string body = "", string member = "")
        {
            string path = call[(call.IndexOf(' ', StringComparison.Ordinal) + 1)..];
            Operation? operation = new OperationTable(OperationList.All).Find(call.Split(' ')[0], path.Split('?')[0], isImport: false, []);
            Assert.Equal(name, operation?.Name);
            (int status, WireValue json) = _api.Harness.Call(call, body);
            Assert.True(operation!.Status == status, $"{name}: {status} {json}");
            Assert.Equal(status == 204 || name == "DeleteVpcLink", _api.Harness.Last!.Body.Length == 0);
            done.Add(name);
            return member.Length == 0 ? "" : json.TextOf(member)!;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Answers_404_with_a_resource_type_where_its_path_leads_nowhere(string name)
    {
        Operation operation = Operations.First(operation => operation.Name == name);
        string[] segments = operation.Path.Split('/');
        int first = Array.FindIndex(segments, static segment => segment.StartsWith('{'));
        if (first < 0) return; // Creates and lists at the top.
        for (int i = first; i < segments.Length; i++)
        {
            if (segments[i].StartsWith('{')) segments[i] = segments[i].Contains("arn", StringComparison.Ordinal) ? Uri.EscapeDataString("arn:aws:apigateway:us-east-1::/apis/nope") : "nope";
        }

        (int status, WireValue answer) = _api.Harness.Call($"{operation.Method} {string.Join('/', segments)}?outputType=JSON&tagKeys=a", Sample(operation.Members).ToString());

        Assert.Equal((404, "NotFoundException"), (status, _api.Harness.Last!.Error.ToString()));
        Assert.Equal("message resourceType", V2Api.Names(answer));
    }

    [Theory]
    [MemberData(nameof(NamesWithMembers))]
    public void Refuses_members_of_the_wrong_type(string name)
    {
        Operation operation = Operations.First(operation => operation.Name == name);
        foreach (MemberShape member in operation.Members)
        {
            bool isText = member.Type.Kind is ShapeKind.Text or ShapeKind.Enumeration;
            WireValue wrong = Sample(operation.Members);
            wrong[member.Name] = isText ? WireValue.Of(true) : WireValue.Of("x");

            Assert.StartsWith("400 SerializationException: class java.lang.", _api.Fail($"{operation.Method} {operation.Path}", wrong.ToString()), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(NamesWithMembers))]
    public void Refuses_the_absence_of_what_it_needs(string name)
    {
        Operation operation = Operations.First(operation => operation.Name == name);
        foreach (MemberShape member in operation.Members.Where(static member => member.IsRequired))
        {
            WireValue less = Sample(operation.Members);
            less[member.Name] = null;

            Assert.Equal(
                $"400 ValidationException: 1 validation error detected: Value null at '{char.ToLowerInvariant(name[0])}{name[1..]}Input.{member.Name}' failed to satisfy constraint: Member must not be null",
                _api.Fail($"{operation.Method} {operation.Path}", less.ToString()));
        }
    }

    // What a body needs to have the shape that is asked for, whatever it says.
    private static WireValue Sample(MemberShape[] members)
    {
        WireValue body = WireValue.NewObject();
        foreach (MemberShape member in members.Where(static member => member.IsRequired))
        {
            body.Set(member.Name, member.Type.Kind switch
            {
                ShapeKind.Text => WireValue.Of("x"),
                ShapeKind.Enumeration => WireValue.Of(ShapeTable.Enumeration(member.Type.Name)[0]),
                ShapeKind.Integer => WireValue.Of(1),
                ShapeKind.Boolean => WireValue.Of(true),
                ShapeKind.List => WireValue.NewList(),
                _ => WireValue.NewObject(),
            });
        }

        return body;
    }
}
