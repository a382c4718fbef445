using System.Text;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9111;

/// <summary>Answers and requests as text, a field a line, and what a cache makes of them.</summary>
internal static class StoredAnswers
{
    /// <summary>When answers are received here: Sun, 22 Nov 2026 13:00:00 GMT.</summary>
    public const long Received = 1795352400;

    /// <summary>The same on the monotonic clock.</summary>
    public const long ReceivedAt = 50 * Second;

    public const long Second = 1_000_000_000;

    public static HeaderTable Fields(string lines)
    {
        var headers = new HeaderTable();
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(Encoding.Latin1.GetBytes(line[..colon]), Encoding.Latin1.GetBytes(line[(colon + 1)..].Trim(' ')));
        }

        return headers;
    }

    public static string Date(int secondsFromReceived) => DateTimeOffset.FromUnixTimeSeconds(Received + secondsFromReceived).ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    public static CacheControl Control(params string[] values)
    {
        var control = new CacheControl();
        foreach (string value in values) control.Add(Encoding.Latin1.GetBytes(value));
        return control;
    }

    public static AnswerLife Life(string fields, FreshnessRules? rules = null, int status = 200, int secondsUnderWay = 0) =>
        AnswerLife.Of(AnswerFacts.Of(Fields(fields), Received), status, rules ?? FreshnessRules.Default, ReceivedAt - (secondsUnderWay * Second), ReceivedAt, Received);

    public static StoreRefusal Store(string fields, string request = "", int status = 200, FreshnessRules? rules = null)
    {
        AnswerFacts facts = AnswerFacts.Of(Fields(fields), Received);
        HeaderTable asked = Fields(request);
        return StoreAnswerRules.Judge(status, facts, AnswerLife.Of(facts, status, rules ?? FreshnessRules.Default, ReceivedAt, ReceivedAt, Received), CacheControl.OfRequest(asked), asked.Contains(KnownHeader.Authorization));
    }

    /// <summary>What is done with an answer some seconds after it was received.</summary>
    public static StoredUse Use(string fields, int secondsLater, string request = "", FreshnessRules? rules = null) =>
        UseStored.Decide(Life(fields, rules), CacheControl.OfRequest(Fields(request)), ReceivedAt + (secondsLater * Second));
}
