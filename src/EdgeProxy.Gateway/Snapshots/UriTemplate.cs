namespace EdgeProxy.Gateway.Snapshots;

/// <summary>An integration's URI as written, taken apart (rest-api.md 5.2).</summary>
/// <remarks>
/// <code>
///   http://${stageVariables.backend}/pets/{id}?verbose=1
///   literal stage variable          literal placeholder literal
/// </code>
/// Other <c>${...}</c> and braces that hold no name are literal text.
/// </remarks>
internal sealed class UriTemplate
{
    private UriTemplate(string text, UriSegment[] segments)
    {
        Text = text;
        Segments = segments;
    }

    /// <summary>The URI as written.</summary>
    public string Text { get; }

    public UriSegment[] Segments { get; }

    /// <summary>Takes a URI apart. Whether it is one is known only with a stage's variables: see <see cref="BoundUri"/>.</summary>
    public static UriTemplate Parse(string text)
    {
        const string Variable = "${stageVariables.";
        var segments = new List<UriSegment>();
        int literal = 0;
        int at = 0;
        while (at < text.Length)
        {
            int next = text.AsSpan(at).IndexOfAny('{', '$');
            if (next < 0) break;
            at += next;
            UriSegmentKind kind;
            int name;
            if (text[at] == '{')
            {
                kind = UriSegmentKind.Placeholder;
                name = at + 1;
            }
            else if (text.AsSpan(at).StartsWith(Variable))
            {
                kind = UriSegmentKind.StageVariable;
                name = at + Variable.Length;
            }
            else
            {
                // The brace of another ${...} is not the start of a placeholder.
                at += text.AsSpan(at).StartsWith("${") ? 2 : 1;
                continue;
            }

            int end = name;
            while (end < text.Length && IsNameCharacter(text[end])) end++;
            if (end == name || end == text.Length || text[end] != '}')
            {
                at += kind == UriSegmentKind.StageVariable ? 2 : 1;
                continue;
            }

            if (at > literal) segments.Add(new UriSegment(UriSegmentKind.Literal, text[literal..at]));
            segments.Add(new UriSegment(kind, text[name..end]));
            at = literal = end + 1;
        }

        if (text.Length > literal) segments.Add(new UriSegment(UriSegmentKind.Literal, text[literal..]));
        return new UriTemplate(text, [.. segments]);
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '$' or '-';
}
