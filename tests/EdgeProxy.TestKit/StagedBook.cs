using System.Text;
using EdgeProxy.ControlPlane.Records;

namespace EdgeProxy.TestKit;

/// <summary>Books of records with API stages and nothing else, for calls that name stages.</summary>
public static class StagedBook
{
    /// <param name="stages">Each as <c>{apiId}:{stage}</c>.</param>
    public static RecordBook Of(params ReadOnlySpan<string> stages)
    {
        var records = new List<(string Scope, string Kind, Record Record)>();
        foreach (string stage in stages)
        {
            string[] names = stage.Split(':');
            records.Add((Scopes.RestApi(names[0]), Kinds.RestApi, new Record(names[0], Encoding.UTF8.GetBytes($$"""{"id":"{{names[0]}}","name":"{{names[0]}}"}"""))));
            records.Add((Scopes.RestApi(names[0]), Kinds.Stage, new Record(names[1], Encoding.UTF8.GetBytes($$"""{"stageName":"{{names[1]}}","deploymentId":"dep001"}"""))));
        }

        return RecordBook.Of(records);
    }
}
