using System.Text;
using EdgeProxy.Gateway.Caching;

namespace EdgeProxy.Tests.Gateway.Caching;

public sealed class CacheStoreTests
{
    private const long Ever = long.MaxValue;
    private const long Now = 1_000_000_000;

    [Fact]
    public void Finds_what_was_stored_under_its_key_and_nothing_else()
    {
        CacheStore cache = Small();
        Store(cache, "a", "head", "body");
        Assert.Equal(("head", "body"), Find(cache, "a"));
        Assert.Null(Find(cache, "b"));
        Assert.Null(Find(cache, ""));
        Assert.Equal(1, cache.Figures.Entries);
    }

    [Fact]
    public void Heads_and_bodies_and_keys_may_be_empty()
    {
        CacheStore cache = Small();
        Store(cache, "", "", "");
        Assert.Equal(("", ""), Find(cache, ""));
    }

    [Fact]
    public void Keys_with_the_same_hash_are_told_apart()
    {
        CacheStore cache = Small();
        for (int i = 0; i < 50; i++) Assert.True(Store(cache, $"key-{i}", "h", $"body-{i}", hash: 42));
        for (int i = 0; i < 50; i++) Assert.Equal($"body-{i}", Find(cache, $"key-{i}", hash: 42)?.Body);
        for (int i = 0; i < 50; i += 2) Assert.True(cache.Remove(Bytes($"key-{i}"), 42));
        for (int i = 0; i < 50; i++) Assert.Equal(i % 2 == 0 ? null : $"body-{i}", Find(cache, $"key-{i}", hash: 42)?.Body);
    }

    [Fact]
    public void Refuses_the_hash_that_too_many_keys_share_and_keeps_the_others()
    {
        CacheStore cache = Small();
        int stored = Enumerable.Range(0, 400).Count(i => Store(cache, $"key-{i}", "", "x", hash: 42));
        Assert.InRange(stored, 100, 200);
        Assert.True(Store(cache, "other", "", "y", hash: 7_000));
        Assert.Equal("y", Find(cache, "other", hash: 7_000)?.Body);
    }

    [Fact]
    public void An_entry_is_found_until_it_expires()
    {
        CacheStore cache = Small();
        Store(cache, "a", "", "x", expiresAt: Now + 100);
        Assert.NotNull(Find(cache, "a", now: Now + 99));
        Assert.Null(Find(cache, "a", now: Now + 100));
        Store(cache, "a", "", "y", now: Now + 100, expiresAt: Now + 200);
        Assert.Equal("y", Find(cache, "a", now: Now + 150)?.Body);
    }

    [Fact]
    public void Tells_when_an_entry_was_stored_and_until_when_it_is_fresh()
    {
        CacheStore cache = Small();
        Store(cache, "a", "", "x", now: Now + 5, expiresAt: Now + 500);
        Assert.True(cache.TryFind(Bytes("a"), cache.HashOf(Bytes("a")), Now + 6, out CachedEntry entry));
        Assert.Equal((Now + 5, Now + 500), (entry.StoredAt, entry.ExpiresAt));
        entry.Release();
    }

    [Fact]
    public void A_later_entry_takes_the_place_of_an_earlier_one()
    {
        CacheStore cache = Small();
        Store(cache, "a", "1", "one");
        Store(cache, "a", "2", "another");
        Assert.Equal(("2", "another"), Find(cache, "a"));
        Assert.Equal(1, cache.Figures.Entries);
    }

    [Fact]
    public void What_was_removed_is_gone()
    {
        CacheStore cache = Small();
        Store(cache, "a", "", "x");
        Assert.True(cache.Remove(Bytes("a"), cache.HashOf(Bytes("a"))));
        Assert.False(cache.Remove(Bytes("a"), cache.HashOf(Bytes("a"))));
        Assert.Null(Find(cache, "a"));
        Assert.Equal(0, cache.Figures.Entries);
    }

    [Fact]
    public void What_is_not_published_is_not_found()
    {
        CacheStore cache = Small();
        Assert.True(cache.TryReserve(Bytes("a"), cache.HashOf(Bytes("a")), 1, 1, Now, out PendingEntry pending));
        Assert.Null(Find(cache, "a"));
        pending.Abandon();
        Assert.Null(Find(cache, "a"));
        Assert.Equal(0, cache.Figures.Entries);
    }

    [Fact]
    public void An_entry_must_fit_into_a_segment()
    {
        CacheStore cache = Small();
        Assert.True(Store(cache, "a", "", new string('x', cache.LargestEntry - 1)));
        Assert.False(Store(cache, "b", "", new string('x', cache.LargestEntry)));
        Assert.False(cache.TryReserve(Bytes("c"), 1, int.MaxValue, int.MaxValue, Now, out _));
        Assert.Equal(cache.LargestEntry - 1, Find(cache, "a")?.Body.Length);
    }

    [Theory]
    [InlineData(16 * 1024, 1)]
    [InlineData(64 * 1024, 4)]
    public void Memory_stays_within_the_budget_whatever_is_stored(int segment, int shards)
    {
        long budget = 64L * segment * shards;
        var cache = new CacheStore(new CacheStoreOptions { Budget = budget, Shards = shards, SegmentSize = segment });
        var random = new Random(1);
        long index = cache.Figures.IndexBytes;
        long most = 0;
        byte[] body = new byte[segment];
        for (int i = 0; i < 20_000; i++)
        {
            // Now small, now large, by turns that last: what fits one size must be of use to the other.
            int length = i / 2000 % 2 == 0 ? random.Next(200) : random.Next(cache.LargestEntry - 40);
            byte[] key = Bytes($"key-{i}");
            Assert.True(cache.TryReserve(key, cache.HashOf(key), 0, length, Now, out PendingEntry pending));
            body.AsSpan(0, length).CopyTo(pending.Body);
            Assert.True(pending.Publish(Now, Ever));
            most = Math.Max(most, cache.Figures.Entries);
        }

        CacheFigures figures = cache.Figures;
        Assert.InRange(figures.Bytes, budget / 2, budget);
        Assert.InRange(figures.IndexBytes, index, index + (most * 48));
        Assert.True(figures.Evicted > 10_000);
        Assert.Equal(0, figures.Refused);
    }

    [Fact]
    public void A_scan_takes_little_of_what_is_used()
    {
        CacheStore cache = Small(segments: 64);
        string body = new('x', 900);
        int hits = 0;
        int asked = 0;

        // Half of what fits is asked for again and again; between, ten times as much comes by once each.
        var random = new Random(1);
        for (int i = 0, scan = 0; i < 60_000; i++)
        {
            string hot = $"hot-{random.Next(500)}";
            if (i > 10_000) asked++;
            if (Find(cache, hot) is not null) hits += i > 10_000 ? 1 : 0;
            else Store(cache, hot, "", body);
            for (int k = 0; k < 2; k++, scan++)
            {
                if (Find(cache, $"scan-{scan}") is null) Store(cache, $"scan-{scan}", "", body);
            }
        }

        // LRU would keep a tenth of them between two uses.
        Assert.InRange(hits, asked * 0.9, asked);
    }

    [Fact]
    public void What_is_asked_for_no_more_makes_room_in_the_end()
    {
        CacheStore cache = Small(segments: 32);
        string body = new('x', 900);
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 300; i++)
            {
                if (Find(cache, $"old-{i}") is null) Store(cache, $"old-{i}", "", body);
            }
        }

        Assert.True(Enumerable.Range(0, 300).Count(i => Find(cache, $"old-{i}") is not null) > 250);
        int hits = 0;
        for (int round = 0; round < 20; round++)
        {
            hits = 0;
            for (int i = 0; i < 300; i++)
            {
                if (Find(cache, $"new-{i}") is null) Store(cache, $"new-{i}", "", body);
                else hits++;
            }
        }

        Assert.InRange(hits, 270, 300);
    }

    [Fact]
    public void An_entry_in_flight_keeps_its_bytes_whatever_is_stored_meanwhile()
    {
        CacheStore cache = Small(segments: 8);
        Store(cache, "a", "head", "in flight");
        Assert.True(cache.TryFind(Bytes("a"), cache.HashOf(Bytes("a")), Now, out CachedEntry entry));
        Assert.True(cache.Remove(Bytes("a"), cache.HashOf(Bytes("a"))));
        for (int i = 0; i < 2000; i++) Store(cache, $"key-{i}", "", new string('y', 500));
        Assert.Equal("in flight", Text(entry.Body.Span));
        Assert.Equal("head", Text(entry.Head));
        entry.Release();
    }

    [Fact]
    public void A_cache_whose_every_segment_is_in_use_refuses_to_store_and_goes_on_when_they_are_released()
    {
        CacheStore cache = Small(segments: 8);
        var held = new List<CachedEntry>();
        int i = 0;
        while (Store(cache, $"key-{i}", "", new string('y', 7000)))
        {
            Assert.True(cache.TryFind(Bytes($"key-{i}"), cache.HashOf(Bytes($"key-{i}")), Now, out CachedEntry entry));
            held.Add(entry);
            Assert.True(++i < 100);
        }

        Assert.InRange(held.Count, 8, 16);
        Assert.True(cache.Figures.Refused > 0);
        foreach (CachedEntry entry in held)
        {
            Assert.Equal(new string('y', 7000), Text(entry.Body.Span));
            entry.Release();
        }

        Assert.True(Store(cache, "more", "", new string('z', 7000)));
    }

    [Fact]
    public void A_second_release_is_a_bug_that_shows()
    {
        CacheStore cache = Small();
        Store(cache, "a", "", "x");
        Assert.True(cache.TryFind(Bytes("a"), cache.HashOf(Bytes("a")), Now, out CachedEntry entry));
        entry.Release();
        Assert.Throws<InvalidOperationException>(entry.Release);
    }

    [Fact]
    public void Readers_and_writers_on_many_threads_never_see_another_entry_s_bytes()
    {
        const int Keys = 400;
        var cache = new CacheStore(new CacheStoreOptions { Budget = 2 * 12 * 4096, Shards = 2, SegmentSize = 4096 });
        long stop = 0;
        long found = 0;
        Exception? failed = null;
        var threads = new Thread[6];
        for (int t = 0; t < threads.Length; t++)
        {
            int own = t;
            threads[t] = new Thread(() =>
            {
                var random = new Random(own);
                Span<byte> key = stackalloc byte[4];
                try
                {
                    for (int i = 0; i < 60_000 && Interlocked.Read(ref stop) == 0; i++)
                    {
                        int id = random.Next(10) < 7 ? random.Next(Keys / 10) : random.Next(Keys);
                        BitConverter.TryWriteBytes(key, id);
                        ulong hash = cache.HashOf(key);
                        if (cache.TryFind(key, hash, Now, out CachedEntry entry))
                        {
                            Interlocked.Increment(ref found);
                            Check(entry, id);
                            if (random.Next(16) == 0) Thread.Yield();
                            Check(entry, id);
                            entry.Release();
                            if (random.Next(50) == 0) cache.Remove(key, hash);
                        }
                        else if (cache.TryReserve(key, hash, 2, 20 + (id % 700), Now, out PendingEntry pending))
                        {
                            pending.Head.Fill((byte)(id >> 8));
                            pending.Body.Fill((byte)id);
                            if (random.Next(20) == 0) pending.Abandon();
                            else pending.Publish(Now, Ever);
                        }
                    }
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref failed, exception, null);
                    Interlocked.Exchange(ref stop, 1);
                }
            });
            threads[t].Start();
        }

        foreach (Thread thread in threads) thread.Join();
        Assert.Null(failed);
        Assert.True(found > 1000, $"Only {found} were found.");
        Assert.True(cache.Figures.Evicted > 1000);

        static void Check(in CachedEntry entry, int id)
        {
            if (entry.Head.Length != 2 || entry.Head.ContainsAnyExcept((byte)(id >> 8)) || entry.Body.Length != 20 + (id % 700) || entry.Body.Span.ContainsAnyExcept((byte)id))
            {
                throw new InvalidOperationException($"The entry of {id} is another's.");
            }
        }
    }

    [Theory]
    [InlineData(1L << 20, 2)]
    [InlineData(512L << 20, 1)]
    [InlineData(512L << 20, 8)]
    [InlineData(237L << 30, 64)]
    public void Options_for_a_budget_make_a_store_that_uses_it(long budget, int loops)
    {
        CacheStoreOptions options = CacheStoreOptions.For(budget, loops);
        long segments = options.Budget / options.SegmentSize / options.Shards;
        Assert.InRange(segments, CacheStoreOptions.FewestSegments, CacheIndex.MostSegments);
        Assert.True(options.SegmentSize * segments * options.Shards > budget * 0.8);
        if (budget >= 512L << 20) Assert.Equal(CacheStoreOptions.LargestSegment, options.SegmentSize);
        if (budget <= 1L << 30) Assert.True(new CacheStore(options).LargestEntry > 0);
    }

    private static CacheStore Small(int segments = 16) => new(new CacheStoreOptions { Budget = segments * 16L * 1024, SegmentSize = 16 * 1024 });

    [Fact]
    public void Without_memory_for_all_of_it_it_goes_on_with_what_it_has_and_tries_again_later()
    {
        int left = 10;
        CacheStore cache = new(new CacheStoreOptions { Budget = 40 * 4096, SegmentSize = 4096, Allocate = size => left-- > 0 ? new byte[size] : throw new OutOfMemoryException() });
        int stored = Enumerable.Range(0, 200).Count(i => Store(cache, $"key-{i}", "", new string('x', 1000)));
        Assert.InRange(stored, 190, 200);
        Assert.Equal(10 * 4096, cache.Figures.Bytes);
        Assert.Equal(200 - stored, cache.Figures.Refused);
        Assert.True(Store(cache, "last", "", "x"));
        Assert.NotNull(Find(cache, "last"));
        left = 1000;
        for (int i = 0; i < 200; i++) Store(cache, $"more-{i}", "", new string('x', 1000), Now + 1);
        Assert.Equal(10 * 4096, cache.Figures.Bytes);
        for (int i = 0; i < 200; i++) Store(cache, $"later-{i}", "", new string('x', 1000), Now + 11_000_000_000);
        Assert.InRange(cache.Figures.Bytes, 30 * 4096, 40 * 4096);
    }

    [Fact]
    public void Without_any_memory_it_refuses_and_does_not_fail()
    {
        CacheStore cache = new(new CacheStoreOptions { Budget = 40 * 4096, SegmentSize = 4096, Allocate = static _ => throw new OutOfMemoryException() });
        Assert.False(Store(cache, "a", "", "x"));
        Assert.Null(Find(cache, "a"));
        Assert.Equal((0, 1), (cache.Figures.Entries, cache.Figures.Refused));
    }

    private static bool Store(CacheStore cache, string key, string head, string body, long now = Now, long expiresAt = Ever, ulong? hash = null)
    {
        byte[] bytes = Bytes(key);
        if (!cache.TryReserve(bytes, hash ?? cache.HashOf(bytes), head.Length, body.Length, now, out PendingEntry pending)) return false;
        Bytes(head).CopyTo(pending.Head);
        Bytes(body).CopyTo(pending.Body);
        return pending.Publish(now, expiresAt);
    }

    private static (string Head, string Body)? Find(CacheStore cache, string key, long now = Now, ulong? hash = null)
    {
        byte[] bytes = Bytes(key);
        if (!cache.TryFind(bytes, hash ?? cache.HashOf(bytes), now, out CachedEntry entry)) return null;
        (string, string) found = (Text(entry.Head), Text(entry.Body.Span));
        entry.Release();
        return found;
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
