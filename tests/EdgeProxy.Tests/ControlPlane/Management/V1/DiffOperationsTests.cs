using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class DiffOperationsTests
{
    private const string Api = "/restapis/" + RestApiRecords.Api;
    private static readonly string s_scope = Scopes.RestApi(RestApiRecords.Api);

    private readonly ManagementHarness _harness = new(RestApiRecords.Book("GET /pets", "POST /pets", "GET /pets/{id}"));

    public DiffOperationsTests() => _harness.Do($"POST {Api}/deployments", """{"stageName":"prod"}""");

    [Fact]
    public void Nothing_changed_since_a_deployment() => Assert.Equal("[]", Changes());

    [Fact]
    public void Methods_that_came_went_and_changed_are_told_by_path()
    {
        Change(edit =>
        {
            RestApiRecords.AddMethod(edit, "GET", "/orders", RestApiRecords.Mock);
            edit.Remove(s_scope, Kinds.Method, $"{RestApiRecords.IdOf(edit, "/pets")}/POST");
            RestApiRecords.AddMethod(edit, "GET", "/pets/{id}", """{"type":"HTTP_PROXY","uri":"http://a.example/"}""", """{"apiKeyRequired":true}""");
        });
        string[] told = [.. Parsed().Items.Select(static change => $"{change.TextOf("change")} {change.TextOf("kind")} {change.TextOf("name")}")];
        Assert.Equal(["added resource /orders", "removed method POST /pets", "added method GET /orders", "changed method GET /pets/{id}"], told);
        string differences = Parsed().Items[^1]["differences"]!.ToString();
        Assert.Contains("""{"path":"/apiKeyRequired","before":false,"after":true}""", differences, StringComparison.Ordinal);
        Assert.Contains("""{"path":"/methodIntegration/type","before":"MOCK","after":"HTTP_PROXY"}""", differences, StringComparison.Ordinal);
        Assert.Contains("""{"path":"/methodIntegration/uri","after":"http://a.example/"}""", differences, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_settings_and_gateway_responses_are_told()
    {
        Change(static edit =>
        {
            edit.Put(s_scope, Kinds.Model, "Pet", WireValue.NewObject().Set("id", "m1").Set("name", "Pet").Set("schema", "{}"));
            edit.Put(s_scope, Kinds.GatewayResponse, "THROTTLED", WireValue.NewObject().Set("responseType", "THROTTLED").Set("statusCode", "430"));
            edit.Put(s_scope, Kinds.RestApi, RestApiRecords.Api, edit.Find(s_scope, Kinds.RestApi, RestApiRecords.Api)!.Open().Set("minimumCompressionSize", 5));
        });
        Assert.Equal(
            """[{"change":"changed","kind":"api","name":"settings","differences":[{"path":"/minimumCompressionSize","after":5}]},{"change":"added","kind":"model","name":"Pet"},{"change":"added","kind":"gatewayResponse","name":"THROTTLED"}]""",
            Changes());
    }

    [Fact]
    public void What_was_made_anew_under_other_ids_is_the_same()
    {
        Change(static edit =>
        {
            string old = RestApiRecords.IdOf(edit, "/pets")!;
            foreach (EdgeProxy.ControlPlane.Records.Record method in edit.All(s_scope, Kinds.Method))
            {
                if (!method.Key.StartsWith(old + "/", StringComparison.Ordinal)) continue;
                edit.Remove(s_scope, Kinds.Method, method.Key);
                edit.Put(s_scope, Kinds.Method, "newid00000" + method.Key[old.Length..], method.Open());
            }

            edit.Put(s_scope, Kinds.Resource, "newid00000", edit.Find(s_scope, Kinds.Resource, old)!.Open().Set("id", "newid00000"));
            edit.Remove(s_scope, Kinds.Resource, old);
        });
        Assert.Equal("[]", Changes());
    }

    [Fact]
    public void What_cannot_be_deployed_is_told_with_it()
    {
        Change(static edit => RestApiRecords.AddMethod(edit, "PUT", "/pets", null));
        WireValue answer = _harness.Do($"GET {Api}/stages/prod/diff");
        Assert.Equal("No integration defined for method", answer.TextOf("problem"));
        Assert.Equal("prod", answer.TextOf("stageName"));
    }

    [Fact]
    public void Long_values_are_cut_and_many_differences_are_not_all_told()
    {
        Change(edit => RestApiRecords.AddMethod(edit, "GET", "/pets", RestApiRecords.Mock, Members('o', true)));
        _harness.Do($"POST {Api}/deployments", """{"stageName":"prod"}""");
        Change(edit => RestApiRecords.AddMethod(edit, "GET", "/pets", RestApiRecords.Mock, Members('p', false)));
        List<WireValue> differences = Parsed().Items.Single()["differences"]!.Items;
        Assert.Equal(50, differences.Count);
        Assert.Equal(303, differences.Find(static one => one.TextOf("path") == "/operationName")!.TextOf("after")!.Length);

        static string Members(char letter, bool required)
        {
            WireValue parameters = WireValue.NewObject();
            for (int i = 0; i < 60; i++) parameters.Set($"method.request.header.X{i:00}", required);
            return WireValue.NewObject().Set("operationName", new string(letter, 1000)).Set("requestParameters", parameters).ToString();
        }
    }

    [Fact]
    public void A_stage_that_is_not_there_is_not_found() => Assert.Equal("404 NotFoundException: Invalid stage identifier specified", _harness.Fail($"GET {Api}/stages/nope/diff"));

    private void Change(Action<BookEdit> change) => Assert.Null(_harness.Api.Change(change));

    private WireValue Parsed() => _harness.Do($"GET {Api}/stages/prod/diff")["changes"]!;

    private string Changes() => Parsed().ToString();
}
