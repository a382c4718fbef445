namespace EdgeProxy.Platform;

/// <summary>How many files and sockets the process may have open.</summary>
/// <param name="Before">The soft limit as the process found it.</param>
/// <param name="Now">The soft limit now.</param>
/// <param name="Hard">The most it could be raised to without privileges.</param>
internal readonly record struct DescriptorLimit(long Before, long Now, long Hard)
{
    /// <summary>Kept back for files, logs and the listeners themselves when connections are counted.</summary>
    public const int Reserve = 512;

    // "No limit" still has to be divided and counted with.
    private const long Most = int.MaxValue;

    /// <summary>Raises the soft limit to the hard one; what the kernel refuses stays as it is.</summary>
    public static unsafe DescriptorLimit Raise()
    {
        Native.ResourceLimit limit;
        if (Native.getrlimit(Native.RLIMIT_NOFILE, &limit) != 0) return new DescriptorLimit(1024, 1024, 1024);
        ulong before = limit.Soft;
        if (limit.Soft < limit.Hard)
        {
            limit.Soft = limit.Hard;
            Native.setrlimit(Native.RLIMIT_NOFILE, &limit);
            Native.getrlimit(Native.RLIMIT_NOFILE, &limit);
        }

        return new DescriptorLimit(Clamp(before), Clamp(limit.Soft), Clamp(limit.Hard));
    }

    /// <summary>The default of <c>connections.total</c>: a proxied connection costs two descriptors.</summary>
    public int DefaultConnections() => (int)Math.Max(16, (Now - Reserve) / 2);

    private static long Clamp(ulong limit) => limit > Most ? Most : (long)limit;
}
