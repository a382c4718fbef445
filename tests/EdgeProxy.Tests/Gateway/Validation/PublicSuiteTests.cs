using System.Text;
using System.Text.Json;
using EdgeProxy.Compiler.Schemas;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Gateway.Validation.Schemas;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Validation;

/// <summary>The public test suite of JSON Schema, draft 4, optional parts included, where it lies beside the checkout.</summary>
public sealed class PublicSuiteTests
{
    private const string Remote = "http://localhost:1234/";

    private static readonly string? s_folder = FindFolder();

    /// <summary>A case for each file; one that says why when there are none.</summary>
    public static TheoryData<string> Files
    {
        get
        {
            var files = new TheoryData<string>();
            if (s_folder is null) files.Add("");
            else foreach (string file in Directory.EnumerateFiles(Path.Combine(s_folder, "draft4"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)) files.Add(Path.GetRelativePath(s_folder, file));
            return files;
        }
    }

    [SuiteTheory]
    [MemberData(nameof(Files))]
    public void Agrees_with_the_suite(string file)
    {
        using JsonDocument suite = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(s_folder!, file)));
        var validator = new SchemaValidator();
        var wrong = new List<string>();
        int cases = 0;
        foreach (JsonElement group in suite.RootElement.EnumerateArray())
        {
            SchemaPlan plan = Compile(group.GetProperty("schema").GetRawText());
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                byte[] body = Encoding.UTF8.GetBytes(test.GetProperty("data").GetRawText());
                BodyVerdict expected = test.GetProperty("valid").GetBoolean() ? BodyVerdict.Valid : BodyVerdict.Mismatch;
                BodyVerdict found = validator.Run(plan, body, ValidationLimits.Default);
                if (found != expected) wrong.Add($"{group.GetProperty("description")}: {test.GetProperty("description")}: {found}");
                cases++;
            }
        }

        Assert.Empty(wrong);
        Assert.True(cases > 0);
    }

    private static SchemaPlan Compile(string schema)
    {
        var resources = new SchemaResources();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(s_folder!, "remotes"), "*.json", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(Path.Combine(s_folder!, "remotes"), file);
            bool isOfOtherDraft = relative.StartsWith("draft", StringComparison.Ordinal) && !relative.StartsWith("draft4", StringComparison.Ordinal);
            if (!isOfOtherDraft) resources.Add(new Uri(Remote + relative), JsonValue.ParseOrNull(File.ReadAllText(file))!);
        }

        JsonValue root = JsonValue.ParseOrNull(schema)!;
        resources.AddModel("Suite", root);
        var problems = new List<SchemaProblem>();
        SchemaPlan plan = new SchemaCompiler(resources).Compile(root, problems);
        Assert.Empty(problems.Select(static problem => $"{problem.At.Pointer}: {problem.Message}"));
        return plan;
    }

    private static string? FindFolder()
    {
        for (string? at = Path.GetDirectoryName(Repository.Root); at is not null; at = Path.GetDirectoryName(at))
        {
            string folder = Path.Combine(at, "shared", "vectors", "json-schema");
            if (Directory.Exists(folder)) return folder;
        }

        return null;
    }

    private sealed class SuiteTheoryAttribute : TheoryAttribute
    {
        public SuiteTheoryAttribute()
        {
            if (s_folder is null) Skip = "The public suite of JSON Schema (shared/vectors/json-schema) does not lie beside the checkout, so nothing was compared with it.";
        }
    }
}
