using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Finds CloudFormation functions, which only a template can resolve.</summary>
internal static class IntrinsicFunctions
{
    /// <summary>Reports each <c>!Tag</c> and <c>Fn::X</c> of a document.</summary>
    public static void Report(DocumentNode root, ProblemList problems)
    {
        // By identity: an alias shows the same node again, which needs no second report and no second walk.
        var seen = new HashSet<DocumentNode>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<DocumentNode>();
        waiting.Push(root);
        while (waiting.TryPop(out DocumentNode? node))
        {
            if (!seen.Add(node)) continue;
            if (NameOrNull(node) is { } function)
            {
                problems.Error(ProblemCode.IntrinsicFunction, node.Origin,
                    $"{function} is a CloudFormation function, which an API document on its own cannot resolve. Write the value out, or use ${{stageVariables.name}}.");
            }

            foreach (DocumentNode child in node.Children) waiting.Push(child);
        }
    }

    private static string? NameOrNull(DocumentNode node)
    {
        if (node.Tag is { } tag) return tag;
        return node is { IsMapping: true, Entries: [{ Name: var name }] } && name.StartsWith("Fn::", StringComparison.Ordinal) ? name : null;
    }
}
