using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 2.1: how V2 differs from V1 on the wire.</summary>
public sealed class V2_2_1_Protocol
{
    private readonly V2Api _api = new();

    [Fact]
    public void Timestamps_are_texts_in_utc()
    {
        Assert.Matches("""^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"$""", _api.Do($"GET {_api.Http}")["createdDate"]!.ToString());
        _api.Do($"POST {_api.Http}/stages", """{"stageName":"a"}""");
        Assert.Matches("""^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"$""", _api.Do($"GET {_api.Http}/stages/a")["lastUpdatedDate"]!.ToString());
    }

    [Fact]
    public void A_change_is_a_partial_object()
    {
        string id = _api.Do($"POST {_api.Http}/authorizers", """{"authorizerType":"JWT","name":"a","identitySource":["$request.header.a"],"jwtConfiguration":{"issuer":"https://i.example","audience":["x","y"]}}""").TextOf("authorizerId")!;

        WireValue changed = _api.Do($"PATCH {_api.Http}/authorizers/{id}", """{"identitySource":["$request.header.b"]}""");

        Assert.Equal("a", changed.TextOf("name"));
        Assert.Equal("""["$request.header.b"]""", changed["identitySource"]!.ToString());
        Assert.Equal("""{"issuer":"https://i.example","audience":["x","y"]}""", changed["jwtConfiguration"]!.ToString());
    }

    [Fact]
    public void Maps_are_merged_by_key_and_an_empty_text_removes_one()
    {
        _api.Do($"PATCH {_api.WebSocket}/integrations/{_api.WebSocketIntegration}", """{"requestParameters":{"integration.request.header.a":"'1'","integration.request.header.b":"'2'"}}""");
        Assert.Equal("""{"integration.request.header.b":"'2'","integration.request.header.c":"'3'"}""",
            _api.Do($"PATCH {_api.WebSocket}/integrations/{_api.WebSocketIntegration}", """{"requestParameters":{"integration.request.header.a":"","integration.request.header.c":"'3'"}}""")["requestParameters"]!.ToString());

        _api.Do($"PATCH {_api.Http}/integrations/{_api.HttpIntegration}", """{"responseParameters":{"200":{"append:header.a":"1","append:header.b":"2"},"500":{"append:header.c":"3"}}}""");
        Assert.Equal("""{"200":{"append:header.b":"2"}}""",
            _api.Do($"PATCH {_api.Http}/integrations/{_api.HttpIntegration}", """{"responseParameters":{"200":{"append:header.a":""},"500":{}}}""")["responseParameters"]!.ToString());

        _api.Do($"POST {_api.Http}/routes", """{"routeKey":"GET /a"}""");
        _api.Do($"POST {_api.Http}/stages", """{"stageName":"a","stageVariables":{"x":"1","y":"2"},"routeSettings":{"GET /a":{"throttlingBurstLimit":1}}}""");
        WireValue stage = _api.Do($"PATCH {_api.Http}/stages/a", """{"stageVariables":{"x":""},"routeSettings":{"GET /a":""}}""");
        Assert.Equal("""{"y":"2"}""", stage["stageVariables"]!.ToString());
        Assert.Equal("{}", stage["routeSettings"]!.ToString());
    }

    [Fact]
    public void What_a_change_cannot_clear_has_calls_of_its_own()
    {
        _api.Do($"PATCH {_api.Http}", """{"corsConfiguration":{"allowOrigins":["*"]}}""");
        _api.Do($"POST {_api.Http}/routes", """{"routeKey":"GET /a"}""");
        _api.Do($"POST {_api.Http}/stages", """{"stageName":"a","accessLogSettings":{"destinationArn":"arn:aws:logs:us-east-1:1:log-group:a","format":"$context.requestId"},"routeSettings":{"GET /a":{"throttlingBurstLimit":1}}}""");
        string route = _api.Do($"POST {_api.WebSocket}/routes", """{"routeKey":"$connect","requestParameters":{"route.request.header.a":{"required":true}}}""").TextOf("routeId")!;

        Assert.Equal(204, _api.Status($"DELETE {_api.Http}/cors"));
        Assert.Equal(204, _api.Status($"DELETE {_api.Http}/stages/a/accesslogsettings"));
        Assert.Equal(204, _api.Status($"DELETE {_api.Http}/stages/a/routesettings/GET%20%2Fa"));
        Assert.Equal(204, _api.Status($"DELETE {_api.WebSocket}/routes/{route}/requestparameters/route.request.header.a"));

        Assert.Null(_api.Do($"GET {_api.Http}")["corsConfiguration"]);
        Assert.Null(_api.Do($"GET {_api.Http}/stages/a")["accessLogSettings"]);
        Assert.Equal("{}", _api.Do($"GET {_api.Http}/stages/a")["routeSettings"]!.ToString());
        Assert.Null(_api.Do($"GET {_api.WebSocket}/routes/{route}")["requestParameters"]);
    }

    [Fact]
    public void Lists_have_items_and_a_token_while_there_are_more()
    {
        for (int i = 0; i < 5; i++) _api.Do($"POST {_api.Http}/routes", $$"""{"routeKey":"GET /r{{i}}"}""");

        WireValue first = _api.Do($"GET {_api.Http}/routes?maxResults=3");
        WireValue rest = _api.Do($"GET {_api.Http}/routes?maxResults=3&nextToken={first.TextOf("nextToken")}");

        Assert.Equal("items nextToken", V2Api.Names(first));
        Assert.Equal("items", V2Api.Names(rest));
        Assert.Equal(5, first["items"]!.Items.Count + rest["items"]!.Items.Count);
        Assert.Equal("items", V2Api.Names(_api.Do($"GET {_api.Http}/routes")));
        Assert.StartsWith("400 BadRequestException", _api.Fail($"GET {_api.Http}/routes?maxResults=x"), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException", _api.Fail($"GET {_api.Http}/routes?nextToken=%C3%A9"), StringComparison.Ordinal);
    }

    [Fact]
    public void Creates_answer_201_changes_200_and_deletes_204_without_a_body()
    {
        (int status, WireValue route) = _api.Harness.Call($"POST {_api.Http}/routes", """{"routeKey":"GET /a"}""");
        Assert.Equal(201, status);
        Assert.Equal(200, _api.Status($"PATCH {_api.Http}/routes/{route.TextOf("routeId")}", "{}"));
        Assert.Equal(204, _api.Status($"DELETE {_api.Http}/routes/{route.TextOf("routeId")}"));
        Assert.Equal(0, _api.Harness.Last!.Body.Length);
    }

    [Fact]
    public void Ids_have_ten_characters_for_apis_and_six_or_seven_for_the_rest()
    {
        Assert.Matches("^/v2/apis/[a-z0-9]{10}$", _api.Http);
        Assert.Matches("^[a-z0-9]{6,7}$", _api.HttpIntegration);
        string route = _api.Do($"POST {_api.Http}/routes", """{"routeKey":"GET /a"}""").TextOf("routeId")!;
        Assert.Matches("^[a-z0-9]{6,7}$", route);
        Assert.Matches("^[a-z0-9]{6,7}$", _api.Do($"POST {_api.Http}/deployments").TextOf("deploymentId"));
    }

    [Fact]
    public void The_answer_is_json_whatever_is_accepted()
    {
        _api.Harness.Call($"GET {_api.Http}", "", "application/yaml");
        Assert.Equal("application/json", _api.Harness.Last!.ContentType);
    }
}
