using EdgeProxy.Gateway.Upstreams;

namespace EdgeProxy.Tests.Gateway.Upstreams;

public sealed class SmoothOrderTests
{
    [Fact]
    public void Spreads_turns_as_nginx_does() => Assert.Equal([0, 0, 1, 0, 2, 0, 0], SmoothOrder.Round([0, 1, 2], [5, 1, 1]));

    [Fact]
    public void A_round_is_no_longer_than_the_shares_need() => Assert.Equal([0, 1], SmoothOrder.Round([0, 1], [50, 50]));

    [Fact]
    public void Leaves_out_who_does_not_take_part() => Assert.Equal([2, 0, 2], SmoothOrder.Round([0, 2], [10, 99, 20]));

    [Fact]
    public void Gives_each_exactly_its_share_and_never_long_runs()
    {
        int[] weights = [7, 3, 100, 1, 12];
        byte[] round = SmoothOrder.Round([0, 1, 2, 3, 4], weights);
        Assert.Equal(123, round.Length);
        for (int i = 0; i < weights.Length; i++) Assert.Equal(weights[i], round.Count(turn => turn == i));

        // Whoever has a share s of the turns waits hardly longer than 1/s between two of them.
        for (int i = 0; i < weights.Length; i++)
        {
            int longest = 0;
            int last = -1;
            for (int at = 0; at < 2 * round.Length; at++)
            {
                if (round[at % round.Length] != i) continue;
                if (last >= 0) longest = Math.Max(longest, at - last);
                last = at;
            }

            Assert.True(longest <= (3 * round.Length / (2 * weights[i])) + weights.Length, $"{i} waited {longest}");
        }
    }
}
