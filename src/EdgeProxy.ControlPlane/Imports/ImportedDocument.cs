using System.Globalization;
using System.Text;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports;

/// <summary>A document that a client of the management API sent: what it means, and what is wrong with it in the service's framing (openapi-and-templates.md 4.1).</summary>
internal sealed class ImportedDocument
{
    // An answer is for people; a hostile document can have a mistake in each of its bytes.
    private const int MostErrors = 20;
    private const int MostWarnings = 200;
    private const int LongestLine = 500;

    private ImportedDocument(DocumentNode root, ApiDefinition api)
    {
        Root = root;
        Api = api;
    }

    /// <summary>As it was written.</summary>
    public DocumentNode Root { get; }

    /// <summary>What it means.</summary>
    public ApiDefinition Api { get; }

    /// <summary>What was left out, or does something else than it seems.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Reads a document, YAML or JSON by its content; null when it is neither, or no object.</summary>
    public static DocumentNode? ReadOrNull(ReadOnlySpan<byte> body, int most) => DocumentReader.Read("body.yaml", body, new ProblemList(), most) is { IsMapping: true } root ? root : null;

    /// <summary>Imports a document and judges it.</summary>
    /// <param name="root">The document.</param>
    /// <param name="options">How to import it.</param>
    /// <param name="limits">How to judge it.</param>
    /// <param name="errors">What is wrong with it; null for a document that is no OpenAPI at all.</param>
    /// <returns>Null when it cannot be imported.</returns>
    public static ImportedDocument? ImportOrNull(DocumentNode root, OpenApiImportOptions options, CheckOptions limits, out string? errors)
    {
        errors = null;
        var problems = new ProblemList();
        if (OpenApiImporter.Import(root, options, problems) is not { } api) return null;
        CheckDefinitions.Run(api, limits, problems);
        var imported = new ImportedDocument(root, api);
        var wrong = new List<string>();
        int more = problems.Dropped;
        foreach (Problem problem in problems)
        {
            // A method without an integration is imported as it is and can only not be deployed (4.6).
            if (problem.Code == ProblemCode.MissingIntegration || problem.Severity == ProblemSeverity.Unsupported) continue;
            List<string> lines = problem.Severity == ProblemSeverity.Error ? wrong : imported.Warnings;
            if (lines.Count < (problem.Severity == ProblemSeverity.Error ? MostErrors : MostWarnings)) lines.Add(TextOf(problem, root));
            else more++;
        }

        if (wrong.Count > 0)
        {
            errors = Framed("Errors found during import", wrong, more);
            return null;
        }

        if (more > 0) imported.Warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{more} more warnings are not shown."));
        return imported;
    }

    /// <summary>The id that a document chooses for its API, by a tag as HTTP APIs have them: <c>{name: _custom_id_, x-amazon-apigateway-tag-value: myapi}</c>; null for none.</summary>
    public static string? CustomIdOrNull(DocumentNode root)
    {
        foreach (DocumentNode tag in root.Find("tags")?.Items ?? [])
        {
            if (tag.Find("name") is { IsScalar: true, Text: Ids.CustomIdTag } && tag.Find("x-amazon-apigateway-tag-value") is { IsScalar: true } value) return value.Text;
        }

        return null;
    }

    /// <summary>Warnings as the message of an import that was told to fail on them.</summary>
    public static string WarningsAsFault(List<string> warnings) => Framed("Warnings found during import", warnings, 0);

    /// <summary>Errors as the message of an import.</summary>
    public static string ErrorsAsFault(List<string> errors) => Framed("Errors found during import", errors, 0);

    /// <summary>The errors among problems, as the message of an import.</summary>
    public static string ErrorsOf(ProblemList problems)
    {
        var wrong = new List<string>();
        int more = problems.Dropped;
        foreach (Problem problem in problems)
        {
            if (problem.Severity != ProblemSeverity.Error) continue;
            if (wrong.Count < MostErrors) wrong.Add(TextOf(problem, null));
            else more++;
        }

        return Framed("Errors found during import", wrong, more);
    }

    private static string Framed(string title, List<string> lines, int more)
    {
        var text = new StringBuilder(title).Append(':');
        foreach (string line in lines) text.Append("\n\t").Append(line);
        if (more > 0) text.Append(CultureInfo.InvariantCulture, $"\n\t{more} more are not shown.");
        return text.ToString();
    }

    private static string TextOf(Problem problem, DocumentNode? root)
    {
        string text = RecordedOrNull(problem, root)
            ?? (problem.Origin is { } origin ? string.Create(CultureInfo.InvariantCulture, $"{origin.Line}:{origin.Column}: {problem.Message}") : problem.Message);
        return text.Length <= LongestLine ? text : text[..LongestLine] + "...";
    }

    // The one warning whose words are known (4.1).
    private static string? RecordedOrNull(Problem problem, DocumentNode? root)
    {
        if (problem is not { Code: ProblemCode.WrongType, Severity: ProblemSeverity.Warning, Origin: { } origin }) return null;
        IReadOnlyList<string> parts = ImportContext.Parts("#" + origin.Pointer);
        if (parts is not ["paths", var path, var verb, "x-amazon-apigateway-integration", "requestParameters", var name]) return null;
        DocumentNode? value = root;
        foreach (string part in parts) value = value?.Find(part);
        if (value is not { IsScalar: true }) return null;
        string method = verb == "x-amazon-apigateway-any-method" ? "ANY" : verb.ToUpperInvariant();
        return $"Invalid format for 'requestParameters'. Expected type string for property '{name}' of resource '{path}' and method '{method}' but got '{value.Text}'";
    }
}
