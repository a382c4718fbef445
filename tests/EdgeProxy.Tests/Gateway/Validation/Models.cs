using System.Text;
using EdgeProxy.Compiler.Schemas;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Gateway.Validation.Schemas;

namespace EdgeProxy.Tests.Gateway.Validation;

/// <summary>Schemas as text, and bodies against them.</summary>
internal static class Models
{
    public static SchemaPlan Plan(string schema, params (string Name, string Schema)[] others)
    {
        var problems = new List<SchemaProblem>();
        SchemaPlan plan = Compile(schema, problems, others);
        Assert.Empty(problems.Select(static problem => $"{problem.At.Pointer}: {problem.Message}"));
        return plan;
    }

    public static SchemaPlan Compile(string schema, List<SchemaProblem> problems, params (string Name, string Schema)[] others)
    {
        var resources = new SchemaResources();
        JsonValue? root = JsonValue.ParseOrNull(schema);
        Assert.NotNull(root);
        resources.AddModel("Model", root);
        foreach ((string name, string other) in others) resources.AddModel(name, JsonValue.ParseOrNull(other)!);
        return new SchemaCompiler(resources).Compile(root, problems);
    }

    public static BodyVerdict Judge(string schema, string body, ValidationLimits? limits = null) => Judge(Plan(schema), Encoding.UTF8.GetBytes(body), limits);

    public static BodyVerdict Judge(SchemaPlan schema, byte[] body, ValidationLimits? limits = null) =>
        new SchemaValidator().Run(schema, body, limits ?? ValidationLimits.Default);

    public static string Explain(string schema, string body, int room = 8192)
    {
        var writer = new ByteWriter(new byte[room]);
        new SchemaValidator().Explain(Plan(schema), Encoding.UTF8.GetBytes(body), ValidationLimits.Default, ref writer);
        return Encoding.UTF8.GetString(writer.Written);
    }
}
