namespace EdgeProxy.Compiler.Schemas;

/// <summary>Says whether a model's schema can be run, before any method or route uses it.</summary>
public static class CheckSchema
{
    /// <summary>What is wrong first; null for nothing.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="schema">Its schema as text.</param>
    /// <param name="others">The names and schemas of the API's other models, which it may refer to.</param>
    public static string? FaultOrNull(string name, string schema, IEnumerable<KeyValuePair<string, string>> others)
    {
        if (JsonValue.ParseOrNull(schema) is not { IsObject: true } root) return "The schema is not a JSON object.";
        var resources = new SchemaResources();
        foreach ((string other, string text) in others)
        {
            if (other != name && JsonValue.ParseOrNull(text) is { } known) resources.AddModel(other, known);
        }

        resources.AddModel(name, root);
        var problems = new List<SchemaProblem>();
        new SchemaCompiler(resources).Compile(root, problems);
        return problems.Count > 0 ? problems[0].Message : null;
    }
}
