using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>Custom domains, routing rules and the emulators' URL forms of what the management API made.</summary>
public sealed class CustomDomainTests
{
    [Fact]
    public async Task Mappings_and_rules_lead_to_stages_as_soon_as_they_are_made()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
        string id = await DeployAsync(sdk, "one", "two");
        await sdk.V2Async("CreateDomainName", """{"DomainName":"api.example.com","DomainNameConfigurations":[{"CertificateArn":"arn:aws:acm:us-east-1:000000000000:certificate/x","EndpointType":"REGIONAL","SecurityPolicy":"TLS_1_2"}],"RoutingMode":"ROUTING_RULE_THEN_API_MAPPING"}""");
        Assert.Equal(403, (await AskAsync(managed, "/pets")).Status);
        await sdk.V1Async("CreateBasePathMapping", $$"""{"domainName":"api.example.com","restApiId":"{{id}}","stage":"one"}""");
        Assert.Equal("one", (await AskAsync(managed, "/pets"))["stage"]);
        JsonNode rule = await sdk.V2Async("CreateRoutingRule", $$$"""{"DomainName":"api.example.com","Priority":10,"Conditions":[{"MatchHeaders":{"AnyOf":[{"Header":"X-Tier","ValueGlob":"gold*"}]}}],"Actions":[{"InvokeApi":{"ApiId":"{{{id}}}","Stage":"two"}}]}""");
        Assert.Equal("two", (await AskAsync(managed, "/pets", "X-Tier: gold-1\r\n"))["stage"]);
        Assert.Equal("one", (await AskAsync(managed, "/pets", "X-Tier: silver\r\n"))["stage"]);
        await sdk.V2Async("DeleteRoutingRule", $$"""{"DomainName":"api.example.com","RoutingRuleId":"{{rule["RoutingRuleId"]}}"}""");
        Assert.Equal("one", (await AskAsync(managed, "/pets", "X-Tier: gold-1\r\n"))["stage"]);
        await sdk.V1Async("DeleteDomainName", """{"domainName":"api.example.com"}""");
        Assert.Equal(403, (await AskAsync(managed, "/pets")).Status);
    }

    [Fact]
    public async Task A_domain_given_its_certificate_as_text_shows_it_from_the_next_handshake_on()
    {
        using var files = new Temporary();
        using var authority = new Authority(files);
        (string certificate, string key, string serial) = authority.Make("api.example.com", ["api.example.com"]);
        await using ManagedNode managed = await ManagedNode.StartAsync("listeners:\n  - name: secure\n    url: https://127.0.0.1:0\n", arguments: "--tls-self-signed");
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
        string id = await DeployAsync(sdk, "one");
        Assert.NotEqual(serial, await SerialAsync(managed));
        await sdk.V1Async("CreateDomainName", new JsonObject
        {
            ["domainName"] = "api.example.com",
            ["certificateName"] = "mine",
            ["certificateBody"] = certificate,
            ["certificatePrivateKey"] = key,
        }.ToJsonString());
        await sdk.V1Async("CreateBasePathMapping", $$"""{"domainName":"api.example.com","restApiId":"{{id}}","stage":"one"}""");
        Assert.Equal(serial, await SerialAsync(managed));
    }

    [Fact]
    public async Task The_emulators_URL_forms_work_on_both_listeners_with_an_id_of_the_clients_choice()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
        string id = await DeployAsync(sdk, "one");
        foreach (string path in new[] { $"/_aws/execute-api/{id}/one/pets", $"/restapis/{id}/one/_user_request_/pets" })
        {
            Assert.Equal("one", (await managed.Node.GetAsync(path))["stage"]);
            Assert.Equal("one", (await managed.Node.AdminAsync(path))["stage"]);
        }

        Assert.Equal("myid", (await sdk.V1Async("CreateRestApi", """{"name":"x","tags":{"_custom_id_":"myid"}}"""))["id"]!.GetValue<string>());
        Assert.Equal("myid", (await sdk.V1Async("GetRestApi", """{"restApiId":"myid"}"""))["id"]!.GetValue<string>());
    }

    private static async Task<string> DeployAsync(SdkClient sdk, params string[] stages)
    {
        string document = new Api().Told("/pets", ("stage", "context.stage")).ToString();
        string id = (await sdk.V1Async("ImportRestApi", new JsonObject { ["body"] = "bytes:" + document }.ToJsonString()))["id"]!.GetValue<string>();
        foreach (string stage in stages) await sdk.V1Async("CreateDeployment", $$"""{"restApiId":"{{id}}","stageName":"{{stage}}"}""");
        return id;
    }

    private static Task<Answer> AskAsync(ManagedNode managed, string path, string headers = "") =>
        managed.Node.AskAsync($"GET {path} HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n{headers}\r\n");

    private static async Task<string> SerialAsync(ManagedNode managed)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", managed.Node.DataPort);
        await using var stream = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync("api.example.com");
        return ((X509Certificate2)stream.RemoteCertificate!).SerialNumber;
    }
}
