using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>An API with a stage <c>prod</c>, to patch.</summary>
public sealed class StagedApi
{
    public const string Api = "/restapis/" + RestApiRecords.Api;
    public const string Stage = Api + "/stages/prod";

    public StagedApi()
    {
        Harness = new ManagementHarness(RestApiRecords.Book("GET /pets/{id}", "POST /pets", "GET /"));
        Deployment = Deploy("""{"stageName":"prod"}""");
    }

    public ManagementHarness Harness { get; }

    public string Deployment { get; }

    public WireValue Shown => Harness.Do($"GET {Stage}");

    public string Deploy(string body = "") => Harness.Do($"POST {Api}/deployments", body).TextOf("id")!;

    /// <summary>Applies operations, each as <c>replace /path value</c>; a copy as <c>copy /path /from</c>.</summary>
    public WireValue Patch(params string[] operations) => Harness.Do($"PATCH {Stage}", Document(operations));

    /// <summary>What refuses them.</summary>
    public string Refuse(params string[] operations) => Harness.Fail($"PATCH {Stage}", Document(operations));

    private static string Document(string[] operations)
    {
        WireValue list = WireValue.NewList();
        foreach (string operation in operations)
        {
            string[] parts = operation.Split(' ', 3);
            WireValue entry = WireValue.NewObject().Set("op", parts[0]).Set("path", parts[1]);
            if (parts.Length == 3) entry.Set(parts[0] == "copy" ? "from" : "value", parts[2]);
            list.Items.Add(entry);
        }

        return WireValue.NewObject().Set("patchOperations", list).ToString();
    }
}
