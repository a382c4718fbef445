using EdgeProxy.Fuzz.Engine;

namespace EdgeProxy.Tests.Fuzz.Engine;

/// <summary>A fuzzer that finds nothing proves nothing; these show that it finds what is there.</summary>
public sealed class FuzzerTests
{
    [Fact]
    public void Finds_a_fault_that_lies_several_kinds_of_result_away_from_the_corpus()
    {
        Finding finding = Find(seed: 1)!;
        Assert.NotNull(finding);
        Assert.Contains("the fault", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_leads_to_the_same_input()
    {
        Assert.Equal(Find(seed: 5)!.Input, Find(seed: 5)!.Input);
    }

    [Fact]
    public void Minimising_leaves_only_what_the_fault_needs()
    {
        Finding small = Minimiser.Minimise(new Planted(), Find(seed: 2)!);
        Assert.Equal("KEY9", System.Text.Encoding.Latin1.GetString(small.Input));
    }

    [Fact]
    public void Asking_for_too_much_memory_is_a_finding()
    {
        Assert.Null(Finding.Seek(new Greedy(1000), [], out _));
        Assert.NotNull(Finding.Seek(new Greedy(100_000), [], out _));
    }

    private static Finding? Find(ulong seed)
    {
        using var watchdog = new Watchdog(_ => { });
        return new Fuzzer(new Planted(), ["hello"u8.ToArray()], seed, watchdog).Run(TimeSpan.FromSeconds(20));
    }

    /// <summary>Fails for a token with a digit behind it, which it tells apart from the token alone.</summary>
    private sealed class Planted : FuzzTarget
    {
        public override string Name => "Planted";

        public override IReadOnlyList<string> Tokens { get; } = ["KEY"];

        public override ulong Run(byte[] input)
        {
            int at = input.AsSpan().IndexOf("KEY"u8);
            if (at < 0) return Outcome.None;
            if (at + 3 < input.Length && input[at + 3] == '9') throw new InvalidOperationException("Found: the fault");
            return Outcome.None.With(1);
        }
    }

    private sealed class Greedy(int bytes) : FuzzTarget
    {
        public override string Name => "Greedy";

        public override IReadOnlyList<string> Tokens { get; } = [];

        public override long MostAllocated => 10_000;

        public override ulong Run(byte[] input) => (ulong)new byte[bytes].Length;
    }
}
