namespace EdgeProxy.ControlPlane.Documents;

/// <summary>Finds what the author of a misspelt word most likely meant.</summary>
public static class Suggest
{
    // Hostile input chooses the length of the word; nobody misspells a word this long.
    private const int LongestWord = 100;

    /// <summary>The candidate with the smallest edit distance, or null when none is close (a third of its letters may differ).</summary>
    /// <remarks>Case is ignored first, so that <c>BASEPATH</c> finds <c>basePath</c>. A swap of neighbours counts once.</remarks>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > LongestWord) return null;
        string? nearest = null;
        int best = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int allowed = Math.Max(1, Math.Max(word.Length, candidate.Length) / 3);
            if (candidate.Length > LongestWord || Math.Abs(candidate.Length - word.Length) > allowed) continue;
            int distance = Distance(word, candidate);
            if (distance > allowed || distance >= best) continue;
            best = distance;
            nearest = candidate;
        }

        return nearest;
    }

    /// <summary>The end of a message: <c> Did you mean "x"?</c>, or nothing when no candidate is close.</summary>
    public static string DidYouMean(string word, IEnumerable<string> candidates) =>
        Nearest(word, candidates) is { } nearest ? $" Did you mean \"{nearest}\"?" : "";

    // Optimal string alignment: insert, delete, replace, swap of neighbours.
    private static int Distance(string from, string to)
    {
        Span<int> before = stackalloc int[LongestWord + 1];
        Span<int> above = stackalloc int[LongestWord + 1];
        Span<int> row = stackalloc int[LongestWord + 1];
        for (int j = 0; j <= to.Length; j++) above[j] = j;
        for (int i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int cost = Same(from[i - 1], to[j - 1]) ? 0 : 1;
                int least = Math.Min(Math.Min(row[j - 1] + 1, above[j] + 1), above[j - 1] + cost);
                if (i > 1 && j > 1 && Same(from[i - 1], to[j - 2]) && Same(from[i - 2], to[j - 1]))
                {
                    least = Math.Min(least, before[j - 2] + 1);
                }

                row[j] = least;
            }

            Span<int> oldest = before;
            before = above;
            above = row;
            row = oldest;
        }

        return above[to.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
