using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>Makes the stored answer that a request holds its answer: with its age, or as 304 to a client that has it already.</summary>
internal static class ServeStored
{
    public static Verdict Run(RequestContext request, CacheUse use, CacheOutcome outcome)
    {
        CachedEntry entry = use.Entry;
        var head = new StoredHead(entry.Head);
        request.Exchange.Response.Clear();
        head.CopyTo(request);
        request.HeldAnswer.Lend(entry.Body, request.Exchange.Loop.Buffers);
        use.Outcome = outcome;
        EntryNotes.TryRead(head.Notes, out EntryNotes notes);
        Finish(request, use, notes.Life);
        return Verdict.Answer;
    }

    /// <summary>Adds to an answer whose head is that of the stored one what is said of this reply alone.</summary>
    public static void Finish(RequestContext request, CacheUse use, in AnswerLife life)
    {
        ResponseHead response = request.Exchange.Response;
        HeaderTable headers = response.Headers;
        for (int i = headers.Count - 1; i >= 0; i--)
        {
            if (headers[i].Known == KnownHeader.Age) headers.RemoveAt(i);
        }

        Span<byte> age = stackalloc byte[20];
        life.AgeAt(request.Now).TryFormat(age, out int length, default, System.Globalization.CultureInfo.InvariantCulture);
        headers.Add(KnownHeader.Age, "Age"u8, age[..length]);
        if (use.Fresh.Conditions.Any && response.Status is >= 200 and < 300) AnswerCondition(request, use.Fresh.Conditions, life);
        StoreAnswer.Tell(request, use);
    }

    private static void AnswerCondition(RequestContext request, in Preconditions conditions, in AnswerLife life)
    {
        ResponseHead response = request.Exchange.Response;
        HeaderTable headers = response.Headers;
        long now = request.Services.UnixMilliseconds(request.Now) / 1000;
        AnswerFacts facts = AnswerFacts.Of(headers, now);
        long changedAt = facts.LastModifiedAt != AnswerFacts.Unsaid ? facts.LastModifiedAt : life.ReceivedSeconds - life.InitialAge;
        if (!conditions.AreMet(request.Exchange.Request.Headers, facts.Tag < 0 ? default : headers.Value(facts.Tag), changedAt, now)) return;
        response.Status = 304;
        for (int i = headers.Count - 1; i >= 0; i--)
        {
            // What describes the bytes that are not sent (RFC 9110, 15.4.5).
            if (headers[i].Known is KnownHeader.ContentType or KnownHeader.ContentEncoding or KnownHeader.ContentMd5 or KnownHeader.ContentLength) headers.RemoveAt(i);
        }

        request.HeldAnswer.Use([], request.Exchange.Loop.Buffers);
    }
}
