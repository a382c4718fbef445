using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Integrations.Http;

/// <summary>Reads a body that nobody gets, as far as it is here already, so that the backend's connection can be used again.</summary>
internal static class DiscardAnswer
{
    private const int Most = 64 * 1024;

    public static async LoopTask RunAsync(UpstreamCall call)
    {
        for (int taken = 0; taken < Most;)
        {
            LoopTask<BodyRead> reading = call.ReadBodyAsync();
            if (!reading.IsCompleted) call.CancelRead();
            BodyRead read = await reading;
            if (read.Status != BodyStatus.Data) return;
            taken += read.Chunk.Length;
        }
    }
}
