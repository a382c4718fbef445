using EdgeProxy.Gateway.Throttling;

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>How often each key of a plan may call one method of one stage.</summary>
/// <param name="rate">The rate, of <see cref="Throttling.Rate.InSixteenths"/>.</param>
/// <param name="buckets">The buckets of the plan's keys, which live on.</param>
internal sealed class PlanMethodLimit(Rate rate, KeyBuckets buckets)
{
    private readonly Rate _rate = rate;

    public ref readonly Rate Rate => ref _rate;

    /// <summary>Takes a token of a key's bucket; false when there is none.</summary>
    /// <param name="row">Which of the plan's rows the key has.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <param name="taken">For <see cref="GiveBack"/>.</param>
    public bool TryTake(int row, long now, out TakenToken taken) => TokenWord.TryTake(ref buckets[row], _rate, now, out taken);

    public void GiveBack(int row, in TakenToken taken) => TokenWord.GiveBack(ref buckets[row], taken);
}
