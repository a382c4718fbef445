using System.Numerics;
using EdgeProxy.Telemetry.Tracing;

namespace EdgeProxy.Tests.Telemetry.Tracing;

public sealed class FastRandomTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sets_every_bit_about_half_the_time_and_repeats_nothing(bool aes)
    {
        FastRandom random = aes ? new FastRandom() : FastRandom.WithoutAes();
        const int Draws = 20_000;
        int[] ones = new int[64];
        var seen = new HashSet<ulong>();
        for (int i = 0; i < Draws; i++)
        {
            ulong next = random.Next();
            Assert.True(seen.Add(next));
            for (int bit = 0; bit < 64; bit++) ones[bit] += (int)(next >> bit) & 1;
        }

        // Ten standard deviations.
        Assert.All(ones, count => Assert.InRange(count, (Draws / 2) - 710, (Draws / 2) + 710));
    }

    [Fact]
    public void Fills_spans_of_any_length_to_the_end()
    {
        var random = FastRandom.FromSeed(1);
        for (int length = 0; length < 3000; length += 7)
        {
            var bytes = new byte[length];
            random.Fill(bytes);
            int run = 0;
            foreach (byte b in bytes)
            {
                run = b == 0 ? run + 1 : 0;
                Assert.True(run < 6, "a gap was left");
            }
        }
    }

    [Fact]
    public void Repeats_itself_for_the_same_seed_only()
    {
        Assert.Equal(FastRandom.FromSeed(5).Next(), FastRandom.FromSeed(5).Next());
        Assert.NotEqual(FastRandom.FromSeed(5).Next(), FastRandom.FromSeed(6).Next());
        Assert.NotEqual(new FastRandom().Next(), new FastRandom().Next());
    }

    [Fact]
    public void Changes_about_half_the_bits_from_one_block_to_the_next()
    {
        var random = FastRandom.FromSeed(9);
        ulong last = random.Next();
        for (int i = 0; i < 10_000; i++)
        {
            ulong next = random.Next();
            Assert.InRange(BitOperations.PopCount(last ^ next), 8, 56);
            last = next;
        }
    }
}
