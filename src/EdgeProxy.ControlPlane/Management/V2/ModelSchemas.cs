using EdgeProxy.Compiler.Schemas;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Holds the schema of a model against JSON Schema draft 4, with the API's other models in reach.</summary>
internal static class ModelSchemas
{
    /// <summary>What is wrong; null for nothing.</summary>
    public static Reply? Fault(BookEdit book, ApiPlace api, string name, string schema)
    {
        var others = new List<KeyValuePair<string, string>>();
        foreach (Record record in ModelOperations.Kind.Of(book, api))
        {
            WireValue model = record.Open();
            others.Add(new(model.TextOf("name") ?? "", model.TextOf("schema") ?? ""));
        }

        return CheckSchema.FaultOrNull(name, schema, others) is { } fault ? Reply.BadRequest($"Invalid model schema specified: {fault}") : null;
    }
}
