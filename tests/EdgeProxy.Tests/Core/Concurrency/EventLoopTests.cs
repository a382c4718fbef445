using EdgeProxy.Core.Concurrency;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Core.Concurrency;

public sealed class EventLoopTests
{
    [Fact]
    public void Output_leaves_after_everything_that_was_ready_has_run()
    {
        using var loop = new LoopHarness();
        var output = new Output(loop);
        WriteTwiceAsync(loop, output).Forget();
        loop.Run();
        Assert.Equal(["1 of ab", "2 of c"], output.Sent);
    }

    [Fact]
    public void Output_that_always_makes_more_output_does_not_keep_the_turn_from_ending()
    {
        using var loop = new LoopHarness();
        var output = new Output(loop) { Again = 10 };
        output.Write('x');
        long before = loop.Turn;
        loop.Run();
        Assert.Equal(11, output.Sent.Count);
        Assert.InRange(loop.Turn - before, 2, 11);
    }

    [Fact]
    public void A_failing_output_does_not_hold_back_the_others()
    {
        using var loop = new LoopHarness();
        var bad = new Output(loop) { Throws = true };
        var good = new Output(loop);
        bad.Write('x');
        good.Write('y');
        loop.Run();
        Assert.Single(loop.Unhandled);
        Assert.Equal(["1 of y"], good.Sent);
    }

    [Fact]
    public void A_message_that_must_not_be_lost_comes_when_a_full_mailbox_has_room_again()
    {
        using var sender = new LoopHarness(0);
        using var full = new LoopHarness(1);
        var box = new Box();
        while (full.TryPost(new LoopMessage(box, 0, null, 0)))
        {
        }

        full.PostFrom(sender, new LoopMessage(box, 7, null, 0));
        Assert.DoesNotContain(7, box.Verbs);
        int others = 0;
        while (!box.Verbs.Contains(7))
        {
            // The sender looks in each of its turns, and goes on with what else it has to do.
            full.Run();
            sender.RunTurn();
            Assert.True(++others < 10);
        }

        Assert.Single(box.Verbs, 7);
    }

    [Fact]
    public void A_loop_may_send_to_itself_what_must_not_be_lost()
    {
        using var loop = new LoopHarness();
        var box = new Box();
        while (loop.TryPost(new LoopMessage(box, 0, null, 0)))
        {
        }

        loop.PostFrom(loop, new LoopMessage(box, 7, null, 0));
        for (int i = 0; i < 10; i++) loop.Run(); // a turn delivers so much mail and no more
        Assert.Equal(7, box.Verbs[^1]);
    }

    private static async LoopTask WriteTwiceAsync(LoopHarness loop, Output output)
    {
        output.Write('a');
        await loop.YieldAsync();
        output.Write('b');
        await loop.YieldAsync();
        output.Write('c');
    }

    private sealed class Box : ILoopRecipient
    {
        public List<int> Verbs { get; } = [];

        public void Receive(in LoopMessage message) => Verbs.Add(message.Verb);
    }

    private sealed class Output(LoopHarness loop) : ITurnOutput
    {
        private string _gathered = "";

        public List<string> Sent { get; } = [];

        public int Again { get; set; }

        public bool Throws { get; init; }

        public void Write(char what)
        {
            if (_gathered.Length == 0) loop.FlushAtTurnEnd(this);
            _gathered += what;
        }

        public void FlushTurn()
        {
            if (Throws) throw new InvalidOperationException("no");
            Sent.Add($"{Sent.Count + 1} of {_gathered}");
            _gathered = "";
            if (Again-- > 0) Write('x');
        }
    }
}
