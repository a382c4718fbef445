using System.Text;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A body of a gateway response: text with variables in it, and nothing else of the template language (rest-api.md 3.2).</summary>
/// <remarks>
/// Variables are <c>$context.*</c>, <c>$stageVariables.*</c>, <c>$method.request.*</c>, each also as <c>${...}</c>, and <c>$input.params('x')</c>. One of
/// these forms that names nothing known is empty; any other <c>$</c> is text, and so is a directive.
/// </remarks>
internal sealed class GatewayResponseTemplate
{
    private const string InputParams = "input.params(";

    private GatewayResponseTemplate(Utf8Text mediaType, ValueSource[] parts)
    {
        MediaType = mediaType;
        Parts = parts;
    }

    /// <summary>The key as stored; also the answer's Content-Type.</summary>
    public Utf8Text MediaType { get; }

    /// <summary>Literals and variables, in order.</summary>
    public ValueSource[] Parts { get; }

    /// <summary>Takes a text apart. Every text is one.</summary>
    public static GatewayResponseTemplate Parse(string mediaType, string text)
    {
        var parts = new List<ValueSource>();
        var literal = new StringBuilder();
        for (int at = 0; at < text.Length;)
        {
            if (text[at] == '$' && TryReadVariable(text, at, out int length, out ValueSource? source))
            {
                if (literal.Length > 0) parts.Add(ValueSource.Literal(literal.ToString()));
                literal.Clear();
                if (source is not null) parts.Add(source);
                at += length;
                continue;
            }

            literal.Append(text[at++]);
        }

        if (literal.Length > 0) parts.Add(ValueSource.Literal(literal.ToString()));
        return new GatewayResponseTemplate(mediaType, [.. parts]);
    }

    private static bool TryReadVariable(string text, int dollar, out int length, out ValueSource? source)
    {
        length = 0;
        source = null;
        bool braced = dollar + 1 < text.Length && text[dollar + 1] == '{';
        int start = dollar + (braced ? 2 : 1);
        if (string.CompareOrdinal(text, start, InputParams, 0, InputParams.Length) == 0) return TryReadInput(text, dollar, start, braced, out length, out source);

        int end = EndOfName(text, start);
        if (braced && (end >= text.Length || text[end] != '}')) return false;
        if (!braced) end = EndOfVariable(text, start, end);
        string name = text[start..end];
        if (!name.StartsWith("context.", StringComparison.Ordinal) && !name.StartsWith("stageVariables.", StringComparison.Ordinal)
            && !name.StartsWith("method.request.", StringComparison.Ordinal)) return false;
        length = end - dollar + (braced ? 1 : 0);
        ValueSource.TryParseGatewayResponse(name, out source);
        return true;
    }

    private static bool TryReadInput(string text, int dollar, int start, bool braced, out int length, out ValueSource? source)
    {
        length = 0;
        source = null;
        int quote = start + InputParams.Length;
        if (quote >= text.Length || text[quote] is not ('\'' or '"')) return false;
        int close = text.IndexOf(text[quote], quote + 1);
        string end = braced ? ")}" : ")";
        if (close < 0 || string.CompareOrdinal(text, close + 1, end, 0, end.Length) != 0) return false;
        length = close + 1 + end.Length - dollar;
        if (close > quote + 1) source = ValueSource.InputParameter(text[(quote + 1)..close]);
        return true;
    }

    // A hyphen may belong to the name of a header, and does not to that of a stage variable; in $context.stage-$context.apiId it is text, as no variable is called stage-.
    private static int EndOfVariable(string text, int start, int end)
    {
        bool isStageVariable = string.CompareOrdinal(text, start, "stageVariables.", 0, "stageVariables.".Length) == 0;
        for (int cut = end; cut > start; cut = text.LastIndexOf('-', cut - 1, cut - start))
        {
            string name = text[start..cut];
            if (name[^1] != '-' && !(isStageVariable && name.Contains('-', StringComparison.Ordinal)) && ValueSource.TryParseGatewayResponse(name, out _)) return cut;
        }

        return end;
    }

    // Names parted by dots; a dot that no name follows is text again.
    private static int EndOfName(string text, int start)
    {
        int end = start;
        while (end < text.Length)
        {
            if (IsNameCharacter(text[end])) end++;
            else if (text[end] == '.' && end > start && end + 1 < text.Length && IsNameCharacter(text[end + 1])) end += 2;
            else break;
        }

        return end;
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
