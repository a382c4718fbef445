using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Imports.Records;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Management.V1;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.TestKit;

/// <summary>A definition that went into records of the management API, and came back.</summary>
public static class ThroughRecords
{
    /// <summary>The definition that a deployment would read. Throws when it is another one than was written.</summary>
    public static ApiDefinition Check(ApiDefinition api)
    {
        ApiDefinition read = Run(api);
        string before = DefinitionText.Of(api);
        string after = DefinitionText.Of(read);
        if (before == after) return read;
        string[] expected = before.Split('\n');
        string[] actual = after.Split('\n');
        int at = 0;
        while (at < expected.Length && at < actual.Length && expected[at] == actual[at]) at++;
        throw new InvalidOperationException(
            $"The records of {api.Name} mean something else, from line {at + 1}.\nWritten:\n{string.Join('\n', expected.Skip(Math.Max(0, at - 5)).Take(12))}\nRead:\n{string.Join('\n', actual.Skip(Math.Max(0, at - 5)).Take(12))}");
    }

    public static ApiDefinition Run(ApiDefinition api)
    {
        var edit = new BookEdit(RecordBook.Empty);
        Write(api, edit);
        var problems = new ProblemList();
        ApiDefinition read = ReadDefinition.Run(edit.ScopeOrNull(Scopes.RestApi(api.Id))!, problems);
        if (problems.Count > 0) throw new InvalidOperationException(string.Join('\n', problems.Select(ProblemWriter.Line)));
        return read;
    }

    /// <summary>Writes a new API.</summary>
    public static void Write(ApiDefinition api, BookEdit edit)
    {
        WireValue record = WireValue.NewObject().Set("id", api.Id);
        WriteRestApi.Run(record, api, overwrites: true, "execute-api:"); // stays as it is written
        if (record.TextOf("policy") is { } policy) record.Set("policy", PolicyText.Escaped(policy));
        record.Set("rootResourceId", WriteRecords.Run(api, api.Id, edit, overwrites: true));
        edit.Put(Scopes.RestApi(api.Id), Kinds.RestApi, api.Id, record);
    }
}
