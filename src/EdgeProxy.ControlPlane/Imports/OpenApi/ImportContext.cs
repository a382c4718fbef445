using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>What every part of an import needs: the document, its dialect, the options, the problems.</summary>
internal sealed class ImportContext(DocumentNode root, OpenApiVersion version, ApiKind kind, OpenApiImportOptions options, ProblemList problems)
{
    // Longer chains of references are no use to anyone and cost a walk each.
    private const int LongestChain = 50;

    private readonly HashSet<DocumentNode> _reported = new(ReferenceEqualityComparer.Instance);

    public DocumentNode Root => root;

    public OpenApiVersion Version => version;

    public bool IsSwagger => version == OpenApiVersion.Swagger20;

    public ApiKind Kind => kind;

    public OpenApiImportOptions Options => options;

    public ProblemList Problems => problems;

    /// <summary>Follows <c>$ref</c> within the document; the node itself when it is none; null after a problem, reported once for each reference.</summary>
    public DocumentNode? Resolve(DocumentNode node)
    {
        DocumentNode at = node;
        for (int step = 0; step < LongestChain; step++)
        {
            if (at.Find("$ref") is not { } reference) return at;
            if (!reference.TryGetString(out string target))
            {
                return Refuse(reference, $"$ref is {reference.Described}; it must be text such as \"#/components/parameters/Limit\".");
            }

            if (!target.StartsWith('#'))
            {
                return Refuse(reference, $"$ref leads outside the document (\"{target}\"). Copy what it means into this document; other files and URLs are not read.");
            }

            if (Walk(target) is not { } next)
            {
                return Refuse(reference, $"$ref \"{target}\" leads to nothing.{SuggestFor(target)} Define it, or correct the reference.");
            }

            at = next;
        }

        return Refuse(node.Find("$ref")!, "This $ref leads back to itself. Write what it means in one of the places.");
    }

    /// <summary>The node at a pointer such as <c>#/definitions/Pet</c>, without following references; null when there is none.</summary>
    public DocumentNode? Walk(string pointer)
    {
        DocumentNode? at = root;
        foreach (string part in Parts(pointer))
        {
            at = at.IsSequence
                ? int.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int index) && index < at.Items.Count ? at.Items[index] : null
                : at.Find(part);
            if (at is null) return null;
        }

        return at;
    }

    /// <summary>The names of a pointer, unescaped.</summary>
    public static IReadOnlyList<string> Parts(string pointer)
    {
        if (pointer is "#" or "#/" or "") return [];
        string[] parts = pointer.TrimStart('#').Split('/');
        var names = new List<string>(parts.Length);
        foreach (string part in parts.Skip(1))
        {
            names.Add(Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        }

        return names;
    }

    /// <summary>Text with <c>${AWS::...}</c> replaced; null after a problem.</summary>
    public string? Text(DocumentNode node, string what) => node.ExpectString(what, problems) is { } text ? Replace(text, node) : null;

    /// <summary>As <see cref="Text"/>, for members where a number means its text.</summary>
    public string? AnyText(DocumentNode node, string what) => node.ExpectText(what, problems) is { } text ? Replace(text, node) : null;

    /// <summary>Text of an optional member; null when it is absent, null, or after a problem.</summary>
    public string? TextOf(DocumentNode parent, string member, string what) =>
        parent.Find(member) is { IsNull: false } node ? Text(node, what) : null;

    /// <summary>Reports at the node, once for each node, as several operations may share it.</summary>
    public void ErrorOnce(ProblemCode code, DocumentNode node, string message)
    {
        if (_reported.Add(node)) problems.Error(code, node.Origin, message);
    }

    /// <summary>Reports something that API Gateway refuses, when asked to be as strict.</summary>
    public void RefuseIfStrict(Origin origin, string message)
    {
        if (options.Strict) problems.Error(ProblemCode.StrictRefused, origin, message);
    }

    private string Replace(string text, DocumentNode node)
    {
        if (!text.Contains("${AWS::", StringComparison.Ordinal)) return text;
        string replaced = text
            .Replace("${AWS::AccountId}", options.AccountId, StringComparison.Ordinal)
            .Replace("${AWS::Partition}", options.Partition, StringComparison.Ordinal)
            .Replace("${AWS::Region}", options.Region, StringComparison.Ordinal);
        if (replaced.Contains("${AWS::", StringComparison.Ordinal))
        {
            ErrorOnce(ProblemCode.BadFormat, node, "Only ${AWS::AccountId}, ${AWS::Partition} and ${AWS::Region} are known in an API document. Write the value out.");
        }

        return replaced;
    }

    private DocumentNode? Refuse(DocumentNode reference, string message)
    {
        ErrorOnce(ProblemCode.BadReference, reference, message);
        return null;
    }

    private string SuggestFor(string target)
    {
        int last = target.LastIndexOf('/');
        return last > 0 && Walk(target[..last]) is { IsMapping: true } parent && Suggest.Nearest(target[(last + 1)..], parent.Entries.Select(entry => entry.Name)) is { } nearest
            ? $" Did you mean \"{target[..last]}/{nearest}\"?"
            : "";
    }
}
