using System.Buffers;

namespace EdgeProxy.Compiler.Passes;

/// <summary>What resource paths are made of (rest-api.md 1.5, openapi-and-templates.md 4.9).</summary>
public static class PathSyntax
{
    private const string Documented = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.,:";
    private static readonly SearchValues<char> LiteralCharacters = SearchValues.Create(Documented + "~%+");
    private static readonly SearchValues<char> DocumentedCharacters = SearchValues.Create(Documented);
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._$-");

    /// <summary>True for a part that stands for itself.</summary>
    public static bool IsLiteral(string part) => part.Length > 0 && part.AsSpan().IndexOfAnyExcept(LiteralCharacters) < 0;

    /// <summary>True for a literal part of the characters that API Gateway documents; it is said to take a few more.</summary>
    public static bool IsDocumentedLiteral(string part) => part.Length > 0 && part.AsSpan().IndexOfAnyExcept(DocumentedCharacters) < 0;

    /// <summary>True for the name of a parameter: <c>^[a-zA-Z0-9._$-]+$</c>.</summary>
    public static bool IsName(ReadOnlySpan<char> name) => name.Length > 0 && name.IndexOfAnyExcept(NameCharacters) < 0;

    /// <summary>Takes a part such as <c>{name}</c> or <c>{name+}</c> apart; false when it is not wholly a placeholder with a good name.</summary>
    public static bool TryPlaceholder(string part, out string name, out bool greedy)
    {
        name = "";
        greedy = false;
        if (part.Length < 3 || part[0] != '{' || part[^1] != '}') return false;
        ReadOnlySpan<char> inner = part.AsSpan(1, part.Length - 2);
        greedy = inner[^1] == '+';
        if (greedy) inner = inner[..^1];
        if (!IsName(inner)) return false;
        name = inner.ToString();
        return true;
    }

    /// <summary>The parts of an absolute path; none for <c>/</c>.</summary>
    public static IReadOnlyList<string> Parts(string path) => path.Length <= 1 ? [] : path[1..].Split('/');
}
