using System.Text;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>The form in which the service shows a REST API's resource policy: a JSON text whose quotes and slashes are escaped once more (control-plane.md 1.6).</summary>
public static class PolicyText
{
    /// <summary>The form that is shown, and kept.</summary>
    /// <param name="json">A policy as JSON.</param>
    public static string Escaped(string json)
    {
        var text = new StringBuilder(json.Length + 64);
        foreach (char c in json)
        {
            switch (c)
            {
                case '"' or '\\' or '/':
                    text.Append('\\').Append(c);
                    break;
                case '\n' or '\r' or '\t':
                    text.Append('\\').Append(c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>The policy as JSON, of either form: clients send back what they were shown.</summary>
    public static string Plain(string text)
    {
        // In JSON no backslash stands before the first quote.
        int first = text.AsSpan().IndexOfAny('"', '\\');
        if (first < 0 || text[first] != '\\') return text;
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c != '\\' || i + 1 == text.Length)
            {
                plain.Append(c);
                continue;
            }

            char next = text[++i];
            plain.Append(next switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                _ => next,
            });
        }

        return plain.ToString();
    }
}
