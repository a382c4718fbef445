using System.Globalization;
using EdgeProxy.Compiler.Problems;

namespace EdgeProxy.ControlPlane.Documents;

/// <summary>Reads a value of an expected type, or says at its place what it is instead. <c>what</c> names the value in the message.</summary>
public static class DocumentExpectations
{
    /// <summary>The text; null after a problem.</summary>
    public static string? ExpectString(this DocumentNode node, string what, ProblemList problems)
    {
        if (node.TryGetString(out string value)) return value;
        string hint = node.IsScalar && !node.IsNull ? $" Put it in quotes: \"{node.Text}\"." : "";
        WrongType(node, what, "text", problems, hint);
        return null;
    }

    /// <summary>The text of any scalar but null, for members where <c>200</c> and <c>"200"</c> mean the same; null after a problem.</summary>
    public static string? ExpectText(this DocumentNode node, string what, ProblemList problems)
    {
        if (node.TryGetText(out string value)) return value;
        WrongType(node, what, "text", problems);
        return null;
    }

    /// <summary>The whole number, if it lies in a range (both ends included); null after a problem.</summary>
    public static long? ExpectInteger(this DocumentNode node, string what, long least, long most, ProblemList problems)
    {
        if (!node.IsScalar || node.ScalarKind != ScalarKind.Integer)
        {
            WrongType(node, what, "a whole number", problems, node.TryGetString(out string text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                ? " Remove the quotes." : "");
            return null;
        }

        if (node.TryGetInteger(out long value) && value >= least && value <= most) return value;
        problems.Error(ProblemCode.OutOfRange, node.Origin, string.Create(CultureInfo.InvariantCulture, $"{what} is {node.Text}; it must be from {least} to {most}."));
        return null;
    }

    /// <summary>The boolean; null after a problem.</summary>
    public static bool? ExpectBoolean(this DocumentNode node, string what, ProblemList problems)
    {
        if (node.TryGetBoolean(out bool value)) return value;
        WrongType(node, what, "true or false, without quotes", problems);
        return null;
    }

    /// <summary>True for a mapping; false after a problem.</summary>
    public static bool ExpectMapping(this DocumentNode node, string what, ProblemList problems)
    {
        if (node.IsMapping) return true;
        WrongType(node, what, "an object", problems);
        return false;
    }

    /// <summary>True for a sequence; false after a problem.</summary>
    public static bool ExpectSequence(this DocumentNode node, string what, ProblemList problems)
    {
        if (node.IsSequence) return true;
        WrongType(node, what, "a list", problems);
        return false;
    }

    /// <summary>The texts of a list; those that are not text are problems and left out.</summary>
    public static IReadOnlyList<string> ExpectStrings(this DocumentNode node, string what, ProblemList problems)
    {
        if (!node.ExpectSequence(what, problems)) return [];
        var texts = new List<string>(node.Items.Count);
        foreach (DocumentNode item in node.Items)
        {
            if (item.ExpectString($"An item of {what}", problems) is { } text) texts.Add(text);
        }

        return texts;
    }

    /// <summary>One of some words; null after a problem, which names the nearest one. The word comes back as spelt in <paramref name="allowed"/>.</summary>
    public static string? ExpectOneOf(this DocumentNode node, string what, IReadOnlyList<string> allowed, StringComparison comparison, ProblemList problems)
    {
        if (node.ExpectString(what, problems) is not { } word) return null;
        foreach (string candidate in allowed)
        {
            if (string.Equals(candidate, word, comparison)) return candidate;
        }

        problems.Error(ProblemCode.NotAllowed, node.Origin,
            $"{what} is \"{word}\"; it must be one of {string.Join(", ", allowed)}.{Suggest.DidYouMean(word, allowed)}");
        return null;
    }

    /// <summary>Reports each key of a mapping that is not among the known ones, with the nearest known key.</summary>
    public static void ExpectKeys(this DocumentNode node, string what, IReadOnlyList<string> known, ProblemList problems)
    {
        foreach (DocumentEntry entry in node.Entries)
        {
            if (known.Contains(entry.Name, StringComparer.Ordinal)) continue;
            problems.Error(ProblemCode.UnknownKey, entry.Key.Origin,
                $"{what} has no member \"{entry.Name}\".{Suggest.DidYouMean(entry.Name, known)} Correct or remove it.");
        }
    }

    private static void WrongType(DocumentNode node, string what, string expected, ProblemList problems, string hint = "") =>
        problems.Error(ProblemCode.WrongType, node.Origin, $"{what} is {node.Described}; it must be {expected}.{hint}");
}
