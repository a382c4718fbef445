namespace EdgeProxy.Fuzz.Engine;

/// <summary>An input that broke a promise.</summary>
/// <param name="Input">The bytes.</param>
/// <param name="Reason">The exception's message or what else went wrong.</param>
/// <param name="Details">Where, with the stack.</param>
internal sealed record Finding(byte[] Input, string Reason, string Details)
{
    /// <summary>Runs one input; null when all promises were kept.</summary>
    public static Finding? Seek(FuzzTarget target, byte[] input, out ulong outcome)
    {
        outcome = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            outcome = target.Run(input);
        }
        catch (Exception exception)
        {
            return new Finding(input, $"{exception.GetType().Name}: {exception.Message}", exception.ToString());
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated <= target.MostAllocated) return null;
        string reason = $"It asked for {allocated} bytes of memory; the most is {target.MostAllocated}.";
        return new Finding(input, reason, reason);
    }
}
