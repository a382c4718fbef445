using System.Text;
using EdgeProxy.Gateway.Caching.Coalescing;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>Phase: what becomes of the expired answer that a request holds, once the backend has answered: confirmed (RFC 9111, 4.3), served for a failure (RFC 5861, 4), or let go.</summary>
internal static class Revalidate
{
    /// <summary>Whether a backend can be asked whether the answer has changed.</summary>
    public static bool HasValidator(in StoredHead head) => !head.ValueOf("etag"u8).IsEmpty || !head.ValueOf("last-modified"u8).IsEmpty;

    /// <summary>Puts the stored answer's validators into the backend's request, in place of the client's own conditions (RFC 9111, 4.3.1).</summary>
    public static void Ask(CacheUse use, HeaderTable headers)
    {
        for (int i = headers.Count - 1; i >= 0; i--)
        {
            if (headers[i].Known == KnownHeader.Other && Preconditions.IsAnsweredHere(headers.Name(i))) headers.RemoveAt(i);
        }

        var head = new StoredHead(use.Entry.Head);
        ReadOnlySpan<byte> tag = head.ValueOf("etag"u8);
        if (EntityTags.IsTag(tag)) headers.Add(KnownHeader.Other, "If-None-Match"u8, tag);
        ReadOnlySpan<byte> changed = head.ValueOf("last-modified"u8);
        if (!changed.IsEmpty) headers.Add(KnownHeader.Other, "If-Modified-Since"u8, changed);
    }

    /// <summary>Decides.</summary>
    /// <param name="request">The request, which holds an entry.</param>
    /// <param name="use">The same.</param>
    /// <param name="integrated">What came of the call.</param>
    /// <returns>Answer when the entry is it; else <paramref name="integrated"/>.</returns>
    public static Verdict Run(RequestContext request, CacheUse use, Verdict integrated)
    {
        FreshUse fresh = use.Fresh;
        bool isConfirmed = !integrated.IsFault && fresh.Revalidates && request.IntegrationStatus == 304;
        if (isConfirmed) return Confirm(request, use);
        bool hasFailed = integrated.IsFault ? Faults.Of(integrated.Fault).Blame == Blame.Upstream : Statuses.AreErrors(request.IntegrationStatus);
        if (hasFailed && MayStandIn(request, use))
        {
            fresh.EndLead(FetchOutcome.Failed, request.Now);
            return ServeStored.Run(request, use, CacheOutcome.Stale);
        }

        use.LetGo();
        fresh.Revalidates = false;
        return integrated;
    }

    /// <summary>Whether the request holds an expired answer that may be served because a fetch has failed.</summary>
    public static bool MayStandIn(RequestContext request, CacheUse use) =>
        use.HasEntry && EntryNotes.TryRead(new StoredHead(use.Entry.Head).Notes, out EntryNotes notes) && UseStored.MayStandIn(notes.Life, use.Fresh.Request, request.Now);

    private static Verdict Confirm(RequestContext request, CacheUse use)
    {
        CachedEntry entry = use.Entry;
        var head = new StoredHead(entry.Head);
        HeaderTable told = request.Call!.Response.Headers;
        AnswerFacts facts = AnswerFacts.Of(told, 0);
        bool isOf = StoredFields.AreOf(head.ValueOf("etag"u8), facts.Tag < 0 ? default : told.Value(facts.Tag));
        EntryNotes.TryRead(head.Notes, out EntryNotes notes);
        AnswerLife life = notes.Life;
        head.CopyTo(request);
        request.HeldAnswer.Lend(entry.Body, request.Exchange.Loop.Buffers);
        if (isOf)
        {
            Merge(request.Exchange.Response.Headers, told);
            if (use.Key.IsWhole && StoreFresh.TryPrepare(request, use, use.Cache!.Policy!.Rules!))
            {
                EntryNotes.TryRead(use.Notes, out notes);
                life = notes.Life;
                StoreAnswer.SaveHeld(request);
            }
        }

        use.StoreNothing(request.Exchange.Loop.Buffers, request.Now);
        use.Outcome = CacheOutcome.Revalidated;
        ServeStored.Finish(request, use, life);
        return Verdict.Answer;
    }

    /// <summary>Lets the fields of a 304 replace the stored ones (RFC 9111, 3.2), renamed as a backend's are.</summary>
    private static void Merge(HeaderTable headers, HeaderTable told)
    {
        Span<byte> renamed = stackalloc byte[64];
        for (int i = 0; i < told.Count; i++)
        {
            ReadOnlySpan<byte> name = NameOf(told, i, renamed);
            if (!name.IsEmpty) Remove(headers, name);
        }

        for (int i = 0; i < told.Count; i++)
        {
            ReadOnlySpan<byte> name = NameOf(told, i, renamed);
            if (!name.IsEmpty) headers.Add(KnownHeaders.Find(name), name, told.Value(i));
        }
    }

    /// <summary>The name by which clients see a backend's field; empty for one that does not replace.</summary>
    private static ReadOnlySpan<byte> NameOf(HeaderTable told, int index, Span<byte> room)
    {
        KnownHeader known = told[index].Known;
        ReadOnlySpan<byte> name = told.Name(index);
        HeaderRule rule = HeaderRules.Of(known);
        if ((rule & HeaderRule.NotReturned) != 0 || !StoredFields.AreReplacedBy(known, name)) return default;
        if ((rule & HeaderRule.Remapped) == 0) return FieldList.ConnectionNames(told, told.IndexOf(KnownHeader.Connection), name) ? default : name;
        ReadOnlySpan<byte> prefix = "x-amzn-Remapped-"u8;
        prefix.CopyTo(room);
        name.CopyTo(room[prefix.Length..]); // one of a few known names
        return room[..(prefix.Length + name.Length)];
    }

    private static void Remove(HeaderTable headers, ReadOnlySpan<byte> name)
    {
        for (int i = headers.Count - 1; i >= 0; i--)
        {
            if (Ascii.EqualsIgnoreCase(headers.Name(i), name)) headers.RemoveAt(i);
        }
    }
}
