using System.Text;

namespace EdgeProxy.Settings;

/// <summary>Replaces <c>${NAME}</c> and <c>${NAME:-text}</c> in a value of a settings file; <c>$${</c> stands for <c>${</c> itself.</summary>
internal static class Substitution
{
    /// <summary>Replaces what there is to replace.</summary>
    /// <param name="text">The value as written.</param>
    /// <param name="variables">Gives a variable's text; null when it is not set. An empty one counts as not set, as in a shell's <c>:-</c>.</param>
    /// <param name="result">The value with everything replaced, once.</param>
    /// <param name="wrong">What is wrong, when false.</param>
    public static bool TryApply(string text, Func<string, string?> variables, out string result, out string wrong)
    {
        result = text;
        wrong = "";
        int at = text.IndexOf("${", StringComparison.Ordinal);
        if (at < 0) return true;

        var output = new StringBuilder();
        int copied = 0;
        while (at >= 0)
        {
            if (at > 0 && text[at - 1] == '$')
            {
                output.Append(text, copied, at - 1 - copied).Append("${");
                copied = at + 2;
                at = text.IndexOf("${", copied, StringComparison.Ordinal);
                continue;
            }

            output.Append(text, copied, at - copied);
            int end = text.IndexOf('}', at);
            if (end < 0)
            {
                wrong = "a ${ without its }. Close it, or write $${ for the characters themselves";
                return false;
            }

            string inside = text[(at + 2)..end];
            int dash = inside.IndexOf(":-", StringComparison.Ordinal);
            string name = dash < 0 ? inside : inside[..dash];
            if (!IsName(name))
            {
                wrong = $"${{{inside}}} names no environment variable. Write ${{NAME}} or ${{NAME:-text}}, or $${{ for the characters themselves";
                return false;
            }

            string? value = variables(name);
            if (string.IsNullOrEmpty(value))
            {
                if (dash < 0)
                {
                    wrong = $"the environment variable {name} is not set. Set it, or give a default: ${{{name}:-text}}";
                    return false;
                }

                value = inside[(dash + 2)..];
            }

            output.Append(value);
            copied = end + 1;
            at = text.IndexOf("${", copied, StringComparison.Ordinal);
        }

        result = output.Append(text, copied, text.Length - copied).ToString();
        return true;
    }

    private static bool IsName(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return false;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        }

        return true;
    }
}
