using EdgeProxy.Compiler.Passes;

namespace EdgeProxy.ControlPlane.Management.V2.Expressions;

/// <summary>Where the variables of one kind of expression may take their values from.</summary>
/// <param name="forms">
/// Each a name as such; with <c>.*</c> behind it any name below it; with <c>[]</c> a simple JSONPath below it (no <c>..</c>, no filter); with <c>[*]</c> any
/// JSONPath.
/// </param>
internal sealed class ValueSources(params string[] forms)
{
    /// <summary>Whether an expression, without <c>$</c> and braces, is one of them.</summary>
    public bool Has(ReadOnlySpan<char> expression)
    {
        foreach (string form in forms)
        {
            int root = form.AsSpan().IndexOfAny('*', '[');
            if (root < 0)
            {
                if (expression.SequenceEqual(form)) return true;
            }
            else if (expression.StartsWith(form.AsSpan(0, root), StringComparison.Ordinal))
            {
                ReadOnlySpan<char> rest = expression[root..];
                if (form[root] == '*' ? PathSyntax.IsName(rest) : IsJsonPath(rest, form.EndsWith("[*]", StringComparison.Ordinal))) return true;
            }
        }

        return false;
    }

    private static bool IsJsonPath(ReadOnlySpan<char> path, bool isAny)
    {
        if (path.Length < 2 || path[0] is not ('.' or '[') || path[^1] == '.') return false;
        int open = 0;
        char quote = '\0';
        for (int i = 0; i < path.Length; i++)
        {
            char c = path[i];
            if (char.IsControl(c)) return false;
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                continue;
            }

            if (c is '\'' or '"') quote = c;
            else if (c == '[') open++;
            else if (c == ']' && --open < 0) return false;
            else if (c == ' ' && open == 0) return false;
            else if (!isAny && (c == '?' || (c == '.' && i + 1 < path.Length && path[i + 1] == '.'))) return false;
        }

        return open == 0 && quote == '\0';
    }
}
