using EdgeProxy.Gateway.Validation.Patterns;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>Chooses the integration response for a function's error message (rest-api.md 5.9). A result without one counts as the empty message.</summary>
/// <param name="responses">The responses in the order stored.</param>
/// <param name="patterns">At each response's index its pattern, anchored at both ends; null for one without.</param>
internal sealed class MessageSelection(ResponsePlan[] responses, TextPattern?[] patterns)
{
    /// <summary>The responses in the order stored.</summary>
    public IReadOnlyList<ResponsePlan> All => responses;

    /// <summary>The response for a message; null when no pattern matches and there is no default, or a pattern took too long.</summary>
    /// <param name="message">The message in UTF-8.</param>
    /// <param name="scratch">The loop's room for patterns.</param>
    public ResponsePlan? Choose(ReadOnlySpan<byte> message, PatternScratch scratch)
    {
        ResponsePlan? otherwise = null;
        scratch.Begin(PatternScratch.UsualSteps, message.Length);
        for (int i = 0; i < responses.Length; i++)
        {
            if (patterns[i] is not { } pattern)
            {
                otherwise ??= responses[i];
                continue;
            }

            // Several may match; the first stored is taken. One that took too long might have, so that none behind it is sure.
            bool timedOut = false;
            if (pattern.IsFoundIn(message, scratch, ref timedOut)) return responses[i];
            if (timedOut) return null;
        }

        return otherwise;
    }
}
