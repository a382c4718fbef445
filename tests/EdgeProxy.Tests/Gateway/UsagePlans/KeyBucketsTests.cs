using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Tests.Gateway.UsagePlans;

public sealed class KeyBucketsTests
{
    [Fact]
    public void Gives_each_row_the_same_word_whenever_and_by_whomever_it_is_asked()
    {
        var buckets = new KeyBuckets();
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.Length; t++)
        {
            threads[t] = new Thread(() =>
            {
                for (int i = 0; i < 20_000; i++) Interlocked.Increment(ref buckets[i * 7 % 20_000]);
            });
            threads[t].Start();
        }

        foreach (Thread thread in threads) thread.Join();
        for (int i = 0; i < 20_000; i++) Assert.Equal(4, buckets[i]);
    }
}
