using System.Text;

namespace EdgeProxy.Gateway.Routing;

/// <summary>A route's path as its author wrote it, taken apart.</summary>
internal sealed class RouteTemplate
{
    /// <summary>The most segments a template may have; the search keeps a place to return to for each, on the stack.</summary>
    public const int MaxSegments = 128;

    /// <summary>The most bytes a template may have.</summary>
    public const int MaxLength = 4096;

    // In a key a parameter is one of these bytes in place of its segment; no literal has them.
    internal const byte ParameterMark = 1;
    internal const byte GreedyMark = 2;

    private const int MostOnStack = 256;

    private readonly string[] _parameterNames;

    private RouteTemplate(string text, byte[] key, string[] parameterNames)
    {
        Text = text;
        Key = key;
        _parameterNames = parameterNames;
    }

    /// <summary>The template as written.</summary>
    public string Text { get; }

    /// <summary>The names of the parameters from left to right, without braces and plus.</summary>
    public ReadOnlySpan<string> ParameterNames => _parameterNames;

    /// <summary>Whether the last parameter takes the rest of the path.</summary>
    public bool IsGreedy => Key.Length > 0 && Key[^1] == GreedyMark;

    /// <summary>The path without its first slash, literals as they are compared, parameters as marks. Equal keys take the same paths.</summary>
    internal byte[] Key { get; }

    /// <summary>The index of the parameter of this name, case-sensitively, or -1.</summary>
    public int IndexOf(string parameterName) => Array.IndexOf(_parameterNames, parameterName);

    /// <summary>Takes a template apart, or says what is wrong with it.</summary>
    internal static RouteTemplate? Parse<TRules>(string text, int ordinal, out RouteProblem? problem) where TRules : struct, IMatchRules
    {
        if (text.Length == 0 || text[0] != '/')
        {
            return Refuse(RouteProblemCode.NoLeadingSlash, $"The path '{text}' must begin with a slash.", out problem);
        }

        int most = Encoding.UTF8.GetByteCount(text);
        if (most > MaxLength)
        {
            return Refuse(RouteProblemCode.TooLong, $"A path may have at most {MaxLength} bytes; shorten the one that begins with '{text[..40]}'.", out problem);
        }

        ReadOnlySpan<char> rest = text.AsSpan(1);
        if (TRules.IgnoresTrailingSlashes)
        {
            rest = rest.TrimEnd('/');
        }
        else if (rest.EndsWith("/"))
        {
            return Refuse(RouteProblemCode.TrailingSlash, $"The path '{text}' must not end in a slash.", out problem);
        }

        // No mark is as long as what it stands for, and no literal longer than its text.
        Span<byte> key = most <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[most];
        int length = 0;
        List<string>? names = null;
        int segments = 0;
        while (rest.Length > 0)
        {
            int slash = rest.IndexOf('/');
            ReadOnlySpan<char> segment = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? default : rest[(slash + 1)..];

            if (++segments > MaxSegments)
            {
                return Refuse(RouteProblemCode.TooManySegments, $"A path may have at most {MaxSegments} segments; '{text}' has more.", out problem);
            }

            if (segment.IsEmpty)
            {
                return Refuse(RouteProblemCode.EmptySegment, $"Two slashes follow each other in the path '{text}'; remove one.", out problem);
            }

            if (segments > 1)
            {
                key[length++] = (byte)'/';
            }

            if (segment[0] != '{' || segment[^1] != '}')
            {
                if (segment.ContainsAny('{', '}'))
                {
                    return Refuse(RouteProblemCode.ParameterNotWholeSegment, $"In the path '{text}', the segment '{segment}' mixes text and a parameter; a parameter must be the whole segment.", out problem);
                }

                if (!AddLiteral<TRules>(key, ref length, segment))
                {
                    return Refuse(RouteProblemCode.UnmatchableLiteral, $"In the path '{text}', the segment '{segment}' has a character that no request path can have; percent-encode it or leave it out.", out problem);
                }

                continue;
            }

            bool greedy = segment is [.., '+', '}'];
            string name = segment[1..(greedy ? ^2 : ^1)].ToString();
            if (name.AsSpan().ContainsAny('{', '}'))
            {
                return Refuse(RouteProblemCode.ParameterNotWholeSegment, $"In the path '{text}', the segment '{segment}' holds more than one parameter; a parameter must be the whole segment.", out problem);
            }

            if (name.Length == 0)
            {
                return Refuse(RouteProblemCode.NamelessParameter, $"In the path '{text}', the parameter '{segment}' needs a name.", out problem);
            }

            if (names?.Contains(name) == true)
            {
                return Refuse(RouteProblemCode.RepeatedParameter, $"In the path '{text}', two parameters have the name '{name}'; rename one.", out problem);
            }

            if (names?.Count == PathRanges.Capacity)
            {
                return Refuse(RouteProblemCode.TooManyParameters, $"A path may have at most {PathRanges.Capacity} parameters; '{text}' has more.", out problem);
            }

            if (greedy && slash >= 0)
            {
                return Refuse(RouteProblemCode.GreedyNotLast, $"In the path '{text}', nothing may follow the greedy parameter '{segment}'.", out problem);
            }

            (names ??= []).Add(name);
            key[length++] = greedy ? GreedyMark : ParameterMark;
        }

        problem = null;
        return new RouteTemplate(text, key[..length].ToArray(), names is null ? [] : [.. names]);

        RouteTemplate? Refuse(RouteProblemCode code, string message, out RouteProblem? problem)
        {
            problem = new RouteProblem(ordinal, code, message);
            return null;
        }
    }

    private static bool AddLiteral<TRules>(Span<byte> key, ref int count, ReadOnlySpan<char> segment) where TRules : struct, IMatchRules
    {
        int most = Encoding.UTF8.GetByteCount(segment);
        Span<byte> raw = most <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[most];
        raw = raw[..Encoding.UTF8.GetBytes(segment, raw)];
        for (int at = 0; at < raw.Length;)
        {
            int symbol = raw[at];
            int length = 1;

            // As sent, a path has neither blanks nor a query nor a fragment, and only ASCII; escaped, it may have all but a slash.
            bool possible = symbol is > ' ' and < 0x7F and not '?' and not '#';
            if (TRules.DecodesLiterals)
            {
                symbol = DecodedSymbols.At(raw, at, out length);
                possible = length == 3 || symbol >= 0x80 ? symbol >= ' ' && symbol != 0x7F : possible;
            }

            if (!possible)
            {
                return false;
            }

            key[count++] = (byte)symbol;
            at += length;
        }

        return true;
    }
}
