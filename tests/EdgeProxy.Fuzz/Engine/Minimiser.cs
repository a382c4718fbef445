namespace EdgeProxy.Fuzz.Engine;

/// <summary>Makes a finding as small as it goes: takes parts out, and turns bytes into plain ones, as long as the same promise stays broken.</summary>
internal static class Minimiser
{
    /// <param name="target">The target that the input is a finding of.</param>
    /// <param name="finding">What was found.</param>
    /// <returns>The smallest found; the finding itself when nothing can be left out.</returns>
    public static Finding Minimise(FuzzTarget target, Finding finding)
    {
        Finding best = finding;
        bool smaller = true;
        while (smaller)
        {
            smaller = false;
            for (int size = Math.Max(1, best.Input.Length / 2); size > 0; size /= 2)
            {
                for (int at = 0; at + size <= best.Input.Length;)
                {
                    byte[] shorter = [.. best.Input[..at], .. best.Input[(at + size)..]];
                    if (Fails(target, shorter, finding.Reason) is { } found)
                    {
                        best = found;
                        smaller = true;
                    }
                    else
                    {
                        at += size;
                    }
                }
            }
        }

        for (int at = 0; at < best.Input.Length; at++)
        {
            if (best.Input[at] == (byte)'a') continue;
            byte[] plainer = [.. best.Input];
            plainer[at] = (byte)'a';
            best = Fails(target, plainer, finding.Reason) ?? best;
        }

        return best;
    }

    // The message may quote bytes, so only its start has to stay: what comes before the first colon but one.
    private static Finding? Fails(FuzzTarget target, byte[] input, string reason) =>
        Finding.Seek(target, input, out _) is { } found && Kind(found.Reason) == Kind(reason) ? found : null;

    private static string Kind(string reason)
    {
        string[] parts = reason.Split(':');
        return parts.Length > 1 ? parts[0] + parts[1] : reason[..Math.Min(reason.Length, 20)];
    }
}
