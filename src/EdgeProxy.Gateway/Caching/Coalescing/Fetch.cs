namespace EdgeProxy.Gateway.Caching.Coalescing;

/// <summary>A fetch in flight and those who wait for it, first come first. All of it under the lock of its stripe.</summary>
internal sealed class Fetch
{
    public ulong Hash;
    public FetchWait? First;
    public FetchWait? Last;
    public int Count;

    public void Add(FetchWait wait)
    {
        wait.Previous = Last;
        wait.Next = null;
        if (Last is null) First = wait;
        else Last.Next = wait;
        Last = wait;
        wait.Fetch = this;
        Count++;
    }

    public void Remove(FetchWait wait)
    {
        if (wait.Previous is null) First = wait.Next;
        else wait.Previous.Next = wait.Next;
        if (wait.Next is null) Last = wait.Previous;
        else wait.Next.Previous = wait.Previous;
        wait.Previous = wait.Next = null;
        wait.Fetch = null;
        Count--;
    }
}
