using System.Text;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Management.Shapes;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V2;

/// <summary>Bodies of the right types with wrong values, of wrong types, and of no types at all: each is answered, none is a fault of ours.</summary>
public sealed class HostileCallsTests
{
    private static readonly string[] s_texts =
    [
        "", " ", "\0", "\r\n", "$", "$$", "${", "${}", "$request", "$request.", "$request.body.", "$request.body[", "$request.body['", "\\", "/", "//", "/(/", "/(a+)+$/", "{", "{}", "{+}", "GET /{", "GET /{+}",
        "GET ", "ANY /a", "$default", "$connect", "integrations/", "integrations", "arn:", "arn:::::", "arn:aws:lambda:::function:", "arn:aws:apigateway:r:lambda:path/2015-03-31/functions//invocations",
        "http://", "http://[", "http://[::1", "http://a:b", "https://a.example/{", "https://a.example/%", "https://${stageVariables.", "https://${stageVariables.a}", "append:", "append:header.", ":", "remove:header.a",
        "integration.request.header.a", "route.request.header.a", "'", "''", "\ud83d\ude00", "\uffff", "{\"type\":", "{\"$ref\":\"#\"}", "{\"$ref\":\"#/a/b\"}", "{\"pattern\":\"(((\"}", "200", "2.0", "JWT", "HTTP", "WEBSOCKET", "VPC_LINK",
        "AWS_PROXY", "HTTP_PROXY", "SQS-SendMessage", "NONE", "INFO", "abc123",
    ];

    [Fact]
    public void Every_call_is_answered_whatever_it_holds()
    {
        var harness = new ManagementHarness();
        var random = new Random(53);
        string[] apis =
        [
            harness.Do("POST /v2/apis", """{"name":"h","protocolType":"HTTP","target":"https://b.example"}""").TextOf("apiId")!,
            harness.Do("POST /v2/apis", """{"name":"w","protocolType":"WEBSOCKET","routeSelectionExpression":"a"}""").TextOf("apiId")!,
        ];
        Operation[] operations = [.. OperationList.All.Where(static operation => operation.Version == ServiceVersion.V2 && operation.Path.StartsWith("/v2/apis", StringComparison.Ordinal) && !operation.TakesRawBody && operation.Name != "DeleteApi")];
        int done = 0;
        for (int round = 0; round < 12_000; round++)
        {
            Operation operation = operations[random.Next(operations.Length)];
            string target = operation.Method + " " + PathOf(harness, random, operation, apis);
            WireValue body = WireValue.NewObject();
            foreach (MemberShape member in operation.Members)
            {
                if (member.IsRequired || random.Next(3) == 0) body[member.Name] = ValueOf(random, member.Type);
            }

            byte[] bytes = body.ToBytes();
            if (random.Next(20) == 0 && bytes.Length > 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            int status = harness.Call(target, bytes).Status;
            Assert.True(status is (>= 200 and < 300) or (>= 400 and < 500), $"{target} {Encoding.UTF8.GetString(bytes)}: {status}");
            if (status < 300) done++;
        }

        // Else nothing was tried that lies behind the first checks.
        Assert.True(done > 500, $"{done} calls were done");
    }

    [Fact]
    public void Maps_that_are_too_large_are_refused_before_they_cost_anything()
    {
        var harness = new ManagementHarness();
        string api = harness.Do("POST /v2/apis", """{"name":"h","protocolType":"HTTP"}""").TextOf("apiId")!;
        var body = new StringBuilder("""{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://b.example","requestParameters":{""");
        for (int i = 0; i < 1_900; i++) body.Append(i == 0 ? "" : ",").Append($"\"append:header.a{i}\":\"b\"");
        body.Append("}}");

        Assert.Equal("400 BadRequestException: Invalid requestParameters specified, can have at most 500 entries.", harness.Fail($"POST /v2/apis/{api}/integrations", body.ToString()));
    }

    [Fact]
    public void Objects_too_wide_to_look_through_are_refused_as_a_whole()
    {
        var body = new StringBuilder("""{"name":"h","protocolType":"HTTP","tags":{""");
        for (int i = 0; i < 200_000; i++) body.Append(i == 0 ? "" : ",").Append($"\"t{i}\":\"b\"");
        body.Append("}}");
        Assert.Equal("400 BadRequestException: The request has an object with more than 2000 members.", new ManagementHarness().Fail("POST /v2/apis", body.ToString()));
    }

    private static string PathOf(ManagementHarness harness, Random random, Operation operation, string[] apis)
    {
        string api = apis[random.Next(apis.Length)];
        string path = operation.Path.Replace("{apiId}", api, StringComparison.Ordinal);
        path = Fill(path, "{routeId}", $"/v2/apis/{api}/routes", "routeId");
        path = Fill(path, "{integrationId}", $"/v2/apis/{api}/integrations", "integrationId");
        path = Fill(path, "{authorizerId}", $"/v2/apis/{api}/authorizers", "authorizerId");
        path = Fill(path, "{modelId}", $"/v2/apis/{api}/models", "modelId");
        path = Fill(path, "{deploymentId}", $"/v2/apis/{api}/deployments", "deploymentId");
        path = Fill(path, "{stageName}", $"/v2/apis/{api}/stages", "stageName");
        foreach (string name in (string[])["{routeResponseId}", "{integrationResponseId}", "{requestParameterKey}", "{routeKey}", "{specification}"])
        {
            path = path.Replace(name, Uri.EscapeDataString(s_texts[random.Next(6, s_texts.Length)]), StringComparison.Ordinal);
        }

        return path;

        string Fill(string text, string place, string list, string member)
        {
            if (!text.Contains(place, StringComparison.Ordinal)) return text;
            List<WireValue> items = harness.Do("GET " + list)["items"]!.Items;
            return text.Replace(place, items.Count == 0 ? "%00" : Uri.EscapeDataString(items[random.Next(items.Count)].TextOf(member)!), StringComparison.Ordinal);
        }
    }

    private static WireValue ValueOf(Random random, ShapeType type)
    {
        switch (type.Kind)
        {
            case ShapeKind.Enumeration:
                string[] values = ShapeTable.Enumeration(type.Name);
                return WireValue.Of(values[random.Next(values.Length)]);
            case ShapeKind.Text:
                return WireValue.Of(random.Next(20) == 0 ? new string('x', random.Next(5000)) : s_texts[random.Next(s_texts.Length)]);
            case ShapeKind.Integer:
                return WireValue.Of(random.Next(3) switch { 0 => random.NextInt64(), 1 => -1, _ => random.Next(40_000) });
            case ShapeKind.Double:
                return WireValue.Of(random.NextDouble() * 1e12 - 1);
            case ShapeKind.Boolean:
                return WireValue.Of(random.Next(2) == 0);
            case ShapeKind.List:
                WireValue list = WireValue.NewList();
                for (int i = random.Next(4); i > 0; i--) list.Items.Add(ValueOf(random, type.Element!));
                return list;
            case ShapeKind.Map:
                WireValue map = WireValue.NewObject();
                for (int i = random.Next(4); i > 0; i--) map[s_texts[random.Next(s_texts.Length)]] = ValueOf(random, type.Element!);
                return map;
            default:
                WireValue value = WireValue.NewObject();
                foreach (MemberShape member in ShapeTable.Structure(type.Name)) value[member.Name] = ValueOf(random, member.Type);
                return value;
        }
    }
}
