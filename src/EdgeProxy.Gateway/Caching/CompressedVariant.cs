using System.Buffers.Binary;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Gateway.Compression;

namespace EdgeProxy.Gateway.Caching;

/// <summary>The compressed form of a stored answer's body: made by the first reply that needs it, and stored for the others.</summary>
/// <remarks>
/// An entry of its own, under the number of the answer it was made of: it is found for as long as that is, and what replaces the answer has another number. Nothing of it can fail a
/// request: what is not stored is compressed again.
/// </remarks>
internal static class CompressedVariant
{
    // No other key begins so: theirs begin with the number of a stage's cache, of eight bytes, and are longer.
    private static ReadOnlySpan<byte> Prefix => "variant"u8;

    private static int KeyLength => Prefix.Length + sizeof(long) + 1 + sizeof(int);

    /// <summary>Whether a request's answer is an entry whose variants are stored.</summary>
    public static bool AreStored(RequestContext request) => request.CacheUseOrNull is { HasEntry: true, Fresh.Policy: { StoresVariants: true } };

    /// <summary>Puts the variant in the place of the body that is held; false when there is none.</summary>
    /// <param name="request">The request, whose answer is an entry.</param>
    /// <param name="coding">The coding.</param>
    public static bool TryServe(RequestContext request, ContentCoding coding)
    {
        CacheUse use = request.CacheUse;
        Span<byte> key = stackalloc byte[KeyLength];
        if (!TryWriteKey(request, use, coding, key) || !use.Store!.TryFind(key, use.Store.HashOf(key), request.Now, out CachedEntry variant)) return false;
        use.LetGo();
        use.Hold(variant);
        request.HeldAnswer.Lend(variant.Body, request.Exchange.Loop.Buffers);
        request.Services.Metrics.Cache.VariantsServed.Increment(request.Exchange.Loop.Ordinal);
        return true;
    }

    /// <summary>Stores what was made of an entry's body.</summary>
    /// <param name="request">The request, whose answer is the entry.</param>
    /// <param name="coding">The coding.</param>
    /// <param name="body">The body in it.</param>
    public static void Store(RequestContext request, ContentCoding coding, ReadOnlySpan<byte> body)
    {
        CacheUse use = request.CacheUse;
        Span<byte> key = stackalloc byte[KeyLength];
        if (!TryWriteKey(request, use, coding, key)) return;
        PendingEntry pending = default;
        bool isReserved = false;
        try
        {
            if (!use.Store!.TryReserve(key, use.Store.HashOf(key), 0, body.Length, request.Now, out pending))
            {
                request.Services.Metrics.Cache.CountNoRoom(request.Exchange.Loop.Ordinal);
                return;
            }

            isReserved = true;
            body.CopyTo(pending.Body);
            isReserved = false;
            if (pending.Publish(request.Now, use.Entry.ExpiresAt)) request.Services.Metrics.Cache.VariantsStored.Increment(request.Exchange.Loop.Ordinal);
        }
        catch (Exception exception)
        {
            if (isReserved) pending.Abandon();
            CacheFailures.Report(request, exception);
        }
    }

    private static bool TryWriteKey(RequestContext request, CacheUse use, ContentCoding coding, Span<byte> key)
    {
        if (!EntryNotes.TryRead(new StoredHead(use.Entry.Head).Notes, out EntryNotes notes)) return false;
        Prefix.CopyTo(key);
        Span<byte> rest = key[Prefix.Length..];
        BinaryPrimitives.WriteInt64LittleEndian(rest, notes.Id);
        rest[sizeof(long)] = (byte)coding;
        BinaryPrimitives.WriteInt32LittleEndian(rest[(sizeof(long) + 1)..], request.Settings.Compression.Level);
        return true;
    }
}
