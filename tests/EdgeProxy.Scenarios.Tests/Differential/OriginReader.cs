using System.Globalization;
using System.Text;

namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>What an origin took for a request.</summary>
internal sealed record ReadRequest(string Method, string Target, string Body)
{
    public override string ToString() => Body.Length == 0 ? $"{Method} {Target}" : $"{Method} {Target} {Body}";
}

/// <summary>How an origin got on with all it was sent.</summary>
/// <param name="Requests">The whole requests it read.</param>
/// <param name="Rest">What it made of the bytes after them.</param>
internal sealed record Reading(IReadOnlyList<ReadRequest> Requests, Leftover Rest)
{
    public override string ToString() => $"[{string.Join(" | ", Requests)}] {Rest}";
}

internal enum Leftover
{
    /// <summary>There were none.</summary>
    None,

    /// <summary>The start of a request.</summary>
    Unfinished,

    /// <summary>Something that is no request.</summary>
    Broken,
}

/// <summary>One way in which an origin may read HTTP/1.1: the strict one, or one of the habits that smuggling lives on.</summary>
internal sealed record OriginReader(string Name)
{
    /// <summary>RFC 9112 and nothing else.</summary>
    public static OriginReader Strict { get; } = new("strict");

    /// <summary>Origins as they are found, each with a habit of its own, and one with most of them.</summary>
    public static IReadOnlyList<OriginReader> Lenient { get; } =
    [
        new("takes a bare LF for a line end") { IsLenient = true, LfEndsLine = true },
        new("takes a bare CR for a line end") { IsLenient = true, LfEndsLine = true, CrEndsLine = true },
        new("prefers the first length") { IsLenient = true, LengthFirst = true },
        new("prefers the last length") { IsLenient = true, LengthFirst = true, LastLength = true },
        new("takes any coding with 'chunked' in it") { IsLenient = true, LooseCoding = true },
        new("reads '_' as '-' and trims names") { IsLenient = true, LooseNames = true },
        new("reads names by their letters alone") { IsLenient = true, LooseNames = true, LettersOnly = true },
        new("reads numbers as far as they go") { IsLenient = true, LooseNumbers = true },
        new("joins folded lines") { IsLenient = true, Folds = true },
        new("ends values at NUL") { IsLenient = true, NulEnds = true },
        new("does most of these") { IsLenient = true, LfEndsLine = true, LooseCoding = true, LooseNames = true, LooseNumbers = true, Folds = true, NulEnds = true },
    ];

    private bool IsLenient { get; init; }

    private bool LfEndsLine { get; init; }

    private bool CrEndsLine { get; init; }

    private bool LengthFirst { get; init; }

    private bool LastLength { get; init; }

    private bool LooseCoding { get; init; }

    private bool LooseNames { get; init; }

    private bool LettersOnly { get; init; }

    private bool LooseNumbers { get; init; }

    private bool Folds { get; init; }

    private bool NulEnds { get; init; }

    /// <summary>Reads all that came on one connection.</summary>
    public Reading Read(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        var requests = new List<ReadRequest>();
        int at = 0;
        while (at < text.Length)
        {
            Leftover rest = ReadOne(text, ref at, out ReadRequest? request);
            if (request is null) return new Reading(requests, rest);
            requests.Add(request);
        }

        return new Reading(requests, Leftover.None);
    }

    private Leftover ReadOne(string text, ref int at, out ReadRequest? request)
    {
        request = null;
        Leftover wrong = ReadLine(text, ref at, out string line);
        while (IsLenient && wrong == Leftover.None && line.Length == 0) wrong = ReadLine(text, ref at, out line);
        if (wrong != Leftover.None) return wrong;

        string[] words = IsLenient ? line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) : line.Split(' ');
        if (words.Length < 2) return Leftover.Broken;
        if (!IsLenient && (words.Length != 3 || words[2] != "HTTP/1.1" || words[1].Length == 0 || !words[0].All(IsToken))) return Leftover.Broken;

        var fields = new List<(string Name, string Value)>();
        while (true)
        {
            wrong = ReadLine(text, ref at, out line);
            if (wrong != Leftover.None) return wrong;
            if (line.Length == 0) break;
            if (!Add(fields, line)) return Leftover.Broken;
        }

        wrong = ReadBody(text, ref at, fields, out string body);
        if (wrong == Leftover.None) request = new ReadRequest(words[0], words[1], body);
        return wrong;
    }

    private bool Add(List<(string Name, string Value)> fields, string line)
    {
        if (line[0] is ' ' or '\t')
        {
            if (Folds && fields.Count > 0) fields[^1] = (fields[^1].Name, fields[^1].Value + " " + line.Trim(' ', '\t'));
            if (IsLenient && !LooseNames) return true; // passed over
            if (!IsLenient) return false;
        }

        int colon = line.IndexOf(':');
        if (colon < 0) return IsLenient;
        string name = line[..colon];
        string value = line[(colon + 1)..].Trim(' ', '\t');
        if (!IsLenient && (name.Length == 0 || !name.All(IsToken))) return false;
        if (LooseNames) name = name.Trim(' ', '\t').Replace('_', '-');
        if (LettersOnly) name = string.Concat(name.Where(char.IsAsciiLetter)).Replace("contentlength", "content-length", StringComparison.OrdinalIgnoreCase).Replace("transferencoding", "transfer-encoding", StringComparison.OrdinalIgnoreCase);
        if (NulEnds && value.IndexOf('\0') is >= 0 and var end) value = value[..end];
        fields.Add((name.ToLowerInvariant(), value));
        return true;
    }

    private Leftover ReadBody(string text, ref int at, List<(string Name, string Value)> fields, out string body)
    {
        body = "";
        string[] lengths = [.. fields.Where(field => field.Name == "content-length").Select(field => field.Value)];
        string[] codings = [.. fields.Where(field => field.Name == "transfer-encoding").Select(field => field.Value)];
        if (!IsLenient)
        {
            if (lengths.Length + codings.Length > 1) return Leftover.Broken;
            if (codings.Length == 1 && !codings[0].Equals("chunked", StringComparison.OrdinalIgnoreCase)) return Leftover.Broken;
            if (lengths.Length == 1 && (lengths[0].Length == 0 || !lengths[0].All(char.IsAsciiDigit))) return Leftover.Broken;
        }

        bool chunked = codings.Any(coding => LooseCoding
            ? coding.Contains("chunked", StringComparison.OrdinalIgnoreCase)
            : coding.Equals("chunked", StringComparison.OrdinalIgnoreCase));
        if (lengths.Length > 0 && (!chunked || LengthFirst))
        {
            if (!TryNumber(LastLength ? lengths[^1] : lengths[0], NumberStyles.None, out long length)) return Leftover.Broken;
            if (length > text.Length - at) return Leftover.Unfinished;
            body = text.Substring(at, (int)length);
            at += (int)length;
            return Leftover.None;
        }

        return chunked ? ReadChunks(text, ref at, out body) : Leftover.None;
    }

    private Leftover ReadChunks(string text, ref int at, out string body)
    {
        var all = new StringBuilder();
        body = "";
        while (true)
        {
            Leftover wrong = ReadLine(text, ref at, out string line);
            if (wrong != Leftover.None) return wrong;
            string digits = line.Split(';')[0];
            if (IsLenient) digits = digits.Trim(' ', '\t');
            if (!TryNumber(digits, NumberStyles.AllowHexSpecifier, out long size)) return Leftover.Broken;
            if (size == 0) break;
            if (size > text.Length - at) return Leftover.Unfinished;
            all.Append(text, at, (int)size);
            at += (int)size;
            wrong = ReadLine(text, ref at, out line);
            if (wrong != Leftover.None) return wrong;
            if (line.Length != 0 && !IsLenient) return Leftover.Broken;
        }

        while (true)
        {
            Leftover wrong = ReadLine(text, ref at, out string line);
            if (wrong != Leftover.None) return wrong;
            if (line.Length == 0) break;
        }

        body = all.ToString();
        return Leftover.None;
    }

    private bool TryNumber(string text, NumberStyles styles, out long number)
    {
        if (LooseNumbers)
        {
            // As strtol does: white space, a sign, 0x, then what digits there are.
            text = text.Trim(' ', '\t').TrimStart('+');
            bool hexadecimal = styles == NumberStyles.AllowHexSpecifier;
            if (hexadecimal && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) text = text[2..];
            text = string.Concat(text.TakeWhile(letter => hexadecimal ? char.IsAsciiHexDigit(letter) : char.IsAsciiDigit(letter)));
            if (text.Length == 0) text = "0";
        }

        return long.TryParse(text, styles, CultureInfo.InvariantCulture, out number) && number >= 0;
    }

    private Leftover ReadLine(string text, ref int at, out string line)
    {
        line = "";
        for (int i = at; i < text.Length; i++)
        {
            int next = text[i] switch
            {
                '\r' when i + 1 < text.Length && text[i + 1] == '\n' => i + 2,
                '\r' when i + 1 == text.Length => 0,
                '\r' when CrEndsLine => i + 1,
                '\n' when LfEndsLine => i + 1,
                '\r' or '\n' or '\0' when !IsLenient => -1,
                _ => 0,
            };
            if (next < 0) return Leftover.Broken;
            if (next == 0) continue;
            line = text[at..i];
            at = next;
            return Leftover.None;
        }

        return Leftover.Unfinished;
    }

    private static bool IsToken(char letter) => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal);
}
