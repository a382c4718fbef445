namespace EdgeProxy.TestKit;

/// <summary>What a piece of code allocates on its thread.</summary>
public static class AllocationProbe
{
    /// <summary>The bytes of the quietest of several stretches, after a first one that warms up.</summary>
    /// <remarks>A collection that another thread starts counts what is left of this thread's allocation context, so a single stretch can say more than the code allocates.</remarks>
    public static long Least(Action stretch, int stretches = 6)
    {
        stretch();
        long least = long.MaxValue;
        for (int i = 0; i < stretches && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            stretch();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
