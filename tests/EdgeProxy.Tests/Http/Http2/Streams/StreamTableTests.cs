using EdgeProxy.Http.Http2.Streams;

namespace EdgeProxy.Tests.Http.Http2.Streams;

public sealed class StreamTableTests
{
    [Fact]
    public void Finds_what_was_added_and_not_what_was_removed()
    {
        var table = new StreamTable<string>();
        var expected = new Dictionary<int, string>();
        var random = new Random(7);
        int next = 1;
        for (int step = 0; step < 20_000; step++)
        {
            if (expected.Count == 0 || random.Next(100) < (step < 10_000 ? 60 : 40))
            {
                expected.Add(next, "s" + next);
                table.Add(next, expected[next]);
                next += 2;
            }
            else
            {
                int gone = expected.Keys.ElementAt(random.Next(expected.Count));
                expected.Remove(gone);
                Assert.True(table.Remove(gone));
                Assert.False(table.Remove(gone));
                Assert.Null(table.FindOrNull(gone));
            }

            Assert.Equal(expected.Count, table.Count);
            if (step % 500 == 0)
            {
                foreach ((int id, string stream) in expected) Assert.Same(stream, table.FindOrNull(id));
            }
        }

        table.Release();
    }

    [Fact]
    public void Shows_every_stream_once()
    {
        var table = new StreamTable<string>();
        for (int id = 1; id < 200; id += 2) table.Add(id, "s" + id);
        var seen = new HashSet<string>();
        int position = 0;
        while (table.NextOrNull(ref position) is { } stream) Assert.True(seen.Add(stream));
        Assert.Equal(100, seen.Count);
        table.Release();
        position = 0;
        Assert.Null(table.NextOrNull(ref position));
    }
}
