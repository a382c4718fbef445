using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Definitions;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

/// <summary>What an import costs, in bytes: a thousand APIs are imported one after another, and a deployment reads a thousand routes.</summary>
public sealed class ImportCostTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    public void An_import_costs_its_size_and_a_deployment_reads_it_cheaply(int routes)
    {
        byte[] document = Document(routes);
        var api = new ManagementHarness();
        api.Call("POST /restapis?mode=import", document);
        string id = api.Book.Scopes[0].Id;
        long imported = AllocationProbe.Least(() => api.Call("POST /restapis?mode=import", document));
        var problems = new ProblemList();
        ApiDefinition? definition = null;
        RecordScope scope = api.Book.ScopeOrNull(id)!;
        long read = AllocationProbe.Least(() => definition = ReadDefinition.Run(scope, problems));
        Assert.Equal(routes, definition!.Methods.Count);
        long kept = scope.Kinds.Sum(kind => scope.All(kind).Sum(record => 100L + record.Json.Length));
        Assert.InRange(imported / routes, 1, 60_000);
        Assert.InRange(read / routes, 1, 5_000); // with a documentation part for each, which a deployment leaves out
        Assert.InRange(kept / routes, 1, 2_500);
    }

    private static byte[] Document(int routes)
    {
        var text = new StringBuilder("{\"openapi\":\"3.0.1\",\"info\":{\"title\":\"many\",\"version\":\"1\"},\"paths\":{");
        for (int i = 0; i < routes; i++)
        {
            if (i > 0) text.Append(',');
            text.Append($$$$"""
                "/group{{{{i / 10}}}}/item{{{{i}}}}/{id}":{"get":{"operationId":"get{{{{i}}}}","summary":"Gets item {{{{i}}}}","parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],"responses":{"200":{"description":"200 response"}},"x-amazon-apigateway-integration":{"type":"http_proxy","httpMethod":"GET","uri":"http://127.0.0.1:8081/item{{{{i}}}}/{id}","requestParameters":{"integration.request.path.id":"method.request.path.id"},"responses":{"default":{"statusCode":"200"}},"passthroughBehavior":"when_no_match","timeoutInMillis":5000}}}
                """);
        }

        return Encoding.UTF8.GetBytes(text.Append("}}").ToString());
    }
}
