using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Tests.Core.Concurrency;

public sealed class MailboxTests
{
    [Fact]
    public void Delivers_in_order_and_says_when_it_is_full()
    {
        var mailbox = new Mailbox(4);
        var nobody = new Nobody();
        for (int i = 0; i < 4; i++) Assert.True(mailbox.TryPost(new LoopMessage(nobody, i, null, 0)));
        Assert.False(mailbox.TryPost(new LoopMessage(nobody, 4, null, 0)));
        for (int i = 0; i < 4; i++)
        {
            Assert.True(mailbox.TryTake(out LoopMessage message));
            Assert.Equal(i, message.Verb);
        }

        Assert.False(mailbox.TryTake(out _));
        Assert.True(mailbox.TryPost(new LoopMessage(nobody, 5, null, 0)));
    }

    [Fact]
    public void Loses_and_doubles_nothing_under_many_senders()
    {
        const int Senders = 4;
        const int Each = 20_000;
        var mailbox = new Mailbox(64);
        var nobody = new Nobody();
        Thread[] threads = [.. Enumerable.Range(0, Senders).Select(sender => new Thread(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                SpinWait spin = default;
                while (!mailbox.TryPost(new LoopMessage(nobody, sender, null, i))) spin.SpinOnce();
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        var next = new long[Senders];
        for (int received = 0; received < Senders * Each;)
        {
            if (!mailbox.TryTake(out LoopMessage message))
            {
                Thread.Yield();
                continue;
            }

            Assert.Equal(next[message.Verb]++, message.Number);
            received++;
        }

        foreach (Thread thread in threads) thread.Join();
        Assert.False(mailbox.TryTake(out _));
    }

    private sealed class Nobody : ILoopRecipient
    {
        public void Receive(in LoopMessage message)
        {
        }
    }
}
