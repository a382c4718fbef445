namespace EdgeProxy.Telemetry.Metrics;

/// <summary>What the garbage collector did, and which build this is.</summary>
public static class RuntimeMetrics
{
    /// <summary>Adds the families.</summary>
    /// <param name="registry">Where to.</param>
    /// <param name="version">The version of the product.</param>
    /// <param name="commit">The commit it was built from; empty when unknown.</param>
    /// <param name="runtime">The runtime it runs on, as <c>RuntimeInformation.FrameworkDescription</c> says it.</param>
    public static void Register(MetricRegistry registry, string version, string commit, string runtime)
    {
        // Not the precise figure, which stops all threads to collect what each has left of its allocation block. The cheap one counts whole
        // blocks of 8 KB: it may be that much behind per thread, and moves with every block.
        registry.CounterFunction("edgeproxy_gc_allocated_bytes_total", "Bytes allocated on the managed heap since the start.")
            .Add(static () => GC.GetTotalAllocatedBytes(precise: false));
        registry.GaugeFunction("edgeproxy_gc_heap_bytes", "Bytes in use on the managed heap.")
            .Add(static () => GC.GetTotalMemory(forceFullCollection: false));
        registry.GaugeFunction("edgeproxy_gc_committed_bytes", "Bytes the managed heap had committed at the end of the last collection.")
            .Add(static () => GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes);
        registry.CounterFunction("edgeproxy_gc_pause_seconds_total", "Time all threads were stopped for collections.")
            .Add(static () => GC.GetTotalPauseDuration().TotalSeconds);

        FunctionFamily collections = registry.CounterFunction(
            "edgeproxy_gc_collections_total", "Collections that included the generation.", "generation");
        collections.Add(static () => GC.CollectionCount(0), "0");
        collections.Add(static () => GC.CollectionCount(1), "1");
        collections.Add(static () => GC.CollectionCount(2), "2");

        registry.Gauge("edgeproxy_build_info", "Always 1; the labels say which build runs.", "version", "commit", "runtime")
            .With(version, commit, runtime).Set(1);
    }
}
