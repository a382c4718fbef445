using System.Buffers;

namespace EdgeProxy.Compiler.Passes;

/// <summary>What resource paths are made of (rest-api.md 1.5, openapi-and-templates.md 4.9).</summary>
public static class PathSyntax
{
    private const int MostOnStack = 256;
    private const string Documented = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.,:";
    private static readonly SearchValues<char> LiteralCharacters = SearchValues.Create(Documented + "~%+");
    private static readonly SearchValues<char> DocumentedCharacters = SearchValues.Create(Documented);
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._$-");

    /// <summary>True for a part that stands for itself.</summary>
    public static bool IsLiteral(ReadOnlySpan<char> part) => part.Length > 0 && part.IndexOfAnyExcept(LiteralCharacters) < 0;

    /// <summary>True for a literal part of the characters that API Gateway documents; it is said to take a few more.</summary>
    public static bool IsDocumentedLiteral(ReadOnlySpan<char> part) => part.Length > 0 && part.IndexOfAnyExcept(DocumentedCharacters) < 0;

    /// <summary>True for the name of a parameter: <c>^[a-zA-Z0-9._$-]+$</c>.</summary>
    public static bool IsName(ReadOnlySpan<char> name) => name.Length > 0 && name.IndexOfAnyExcept(NameCharacters) < 0;

    /// <summary>Takes a part such as <c>{name}</c> or <c>{name+}</c> apart; false when it is not wholly a placeholder with a good name.</summary>
    public static bool TryPlaceholder(string part, out string name, out bool greedy)
    {
        bool isOne = TryPlaceholder(part.AsSpan(), out ReadOnlySpan<char> found, out greedy);
        name = isOne ? found.ToString() : "";
        return isOne;
    }

    /// <summary>The same without a text of its own for the name.</summary>
    public static bool TryPlaceholder(ReadOnlySpan<char> part, out ReadOnlySpan<char> name, out bool greedy)
    {
        name = default;
        greedy = false;
        if (part.Length < 3 || part[0] != '{' || part[^1] != '}') return false;
        ReadOnlySpan<char> inner = part[1..^1];
        greedy = inner[^1] == '+';
        if (greedy) inner = inner[..^1];
        if (!IsName(inner)) return false;
        name = inner;
        return true;
    }

    /// <summary>The parts of an absolute path; none for <c>/</c>.</summary>
    public static IReadOnlyList<string> Parts(string path) => path.Length <= 1 ? [] : path[1..].Split('/');

    /// <summary>The names of a path's placeholders, from left to right.</summary>
    public static string[] Names(string path)
    {
        if (!path.Contains('{', StringComparison.Ordinal)) return [];
        var names = new List<string>();
        ReadOnlySpan<char> rest = path.AsSpan(1);
        foreach (Range part in rest.Split('/'))
        {
            if (TryPlaceholder(rest[part], out ReadOnlySpan<char> name, out _)) names.Add(name.ToString());
        }

        return [.. names];
    }

    /// <summary>What paths have in common that no request can tell apart: the names of placeholders do not count.</summary>
    public static string Shape(string path)
    {
        if (!path.Contains('{', StringComparison.Ordinal)) return path.Length > 0 && path[0] == '/' ? path : "/" + (path.Length > 1 ? path[1..] : "");
        ReadOnlySpan<char> rest = path.AsSpan(1);

        // No placeholder is as short as what stands for it.
        Span<char> shape = path.Length <= MostOnStack ? stackalloc char[MostOnStack] : new char[path.Length];
        int length = 0;
        foreach (Range range in rest.Split('/'))
        {
            ReadOnlySpan<char> part = rest[range];
            if (TryPlaceholder(part, out _, out bool greedy)) part = greedy ? "{+}" : "{}";
            shape[length++] = '/';
            part.CopyTo(shape[length..]);
            length += part.Length;
        }

        return shape[..length].ToString();
    }

    /// <summary>Whether a path has a placeholder of this name, greedy or not.</summary>
    public static bool HasPlaceholder(string path, string name)
    {
        ReadOnlySpan<char> rest = path;
        for (int at = rest.IndexOf('{'); at >= 0; at = rest.IndexOf('{'))
        {
            rest = rest[(at + 1)..];
            if (rest.StartsWith(name) && rest[name.Length..] is ['}', ..] or ['+', '}', ..]) return true;
        }

        return false;
    }
}
