using System.Text;

namespace EdgeProxy.Lambda.Workers;

/// <summary>The id of the request that a process is at: written by its loop, read by the thread that reads its output, without a lock.</summary>
/// <remarks>The count is odd while the id is being written; a reader that saw it odd, or changed, reads again.</remarks>
internal sealed class RequestTag
{
    private readonly byte[] _id = new byte[36];
    private int _count;

    /// <summary>Loop thread.</summary>
    public void Set(ReadOnlySpan<byte> requestId)
    {
        int count = _count;
        Volatile.Write(ref _count, count + 1);
        Interlocked.MemoryBarrier();
        requestId.CopyTo(_id);
        Volatile.Write(ref _count, count + 2);
    }

    /// <summary>Any thread. Empty before the first request.</summary>
    public override string ToString()
    {
        while (true)
        {
            int count = Volatile.Read(ref _count);
            if (count == 0) return "";
            string id = Encoding.ASCII.GetString(_id);
            Interlocked.MemoryBarrier();
            if ((count & 1) == 0 && Volatile.Read(ref _count) == count) return id;
            Thread.Yield();
        }
    }
}
