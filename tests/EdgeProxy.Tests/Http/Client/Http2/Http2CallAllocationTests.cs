// In debug builds the state machine of every async method is an object.
#if !DEBUG
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Http.Client.Http2;

public sealed class Http2CallAllocationTests
{
    [Fact]
    public void A_call_allocates_nothing_once_warm()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        uint stream = 1;
        long least = long.MaxValue;
        for (int window = 0; window < 20; window++)
        {
            long allocated = 0;
            for (int i = 0; i < 50; i++)
            {
                stream += 2;
                long before = GC.GetAllocatedBytesForCurrentThread();
                UpstreamCall call = stage.Get("/a");
                LoopTask<UpstreamOutcome> sending = call.SendAsync(Http2ClientStage.Upstream);
                stage.Loop.Run();
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                peer.Head(stream, 200, fields: "content-type: text/plain").Data(stream, "hello", ends: true);
                before = GC.GetAllocatedBytesForCurrentThread();
                UpstreamOutcome outcome = stage.Loop.Await(sending);
                int length = stage.Loop.Await(call.ReadBodyAsync()).Chunk.Length;
                call.Return();
                stage.Loop.Run();
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.Equal((UpstreamOutcome.Ok, 5), (outcome, length));
            }

            least = Math.Min(least, allocated); // the test's own record of what was sent grows now and then
        }

        // Text of the method and target that the test makes for each call.
        Assert.InRange(least, 0, 50 * 64);
    }
}
#endif
