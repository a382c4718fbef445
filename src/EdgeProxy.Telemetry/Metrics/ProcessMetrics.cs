using System.Buffers.Text;
using System.IO.Enumeration;

namespace EdgeProxy.Telemetry.Metrics;

/// <summary>The standard <c>process_*</c> metrics, read from <c>/proc</c> at each scrape.</summary>
public static class ProcessMetrics
{
    // USER_HZ: what /proc counts in, 100 on every architecture we build for.
    private const double TicksPerSecond = 100;

    /// <summary>Adds the families.</summary>
    public static void Register(MetricRegistry registry) => Register(registry, "/proc");

    internal static void Register(MetricRegistry registry, string proc)
    {
        string self = Path.Combine(proc, "self");
        Reading now = default;
        registry.BeforeScrape(() => now = Read(self));
        double start = StartSeconds(proc, Read(self));
        registry.CounterFunction("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.").Add(() => now.CpuSeconds);
        registry.GaugeFunction("process_open_fds", "Number of open file descriptors.").Add(() => now.OpenDescriptors);
        registry.GaugeFunction("process_max_fds", "Maximum number of open file descriptors.").Add(() => now.MaxDescriptors);
        registry.GaugeFunction("process_virtual_memory_bytes", "Virtual memory size in bytes.").Add(() => now.VirtualBytes);
        registry.GaugeFunction("process_resident_memory_bytes", "Resident memory size in bytes.").Add(() => now.ResidentBytes);
        registry.GaugeFunction("process_threads", "Number of operating system threads.").Add(() => now.Threads);
        registry.GaugeFunction("process_start_time_seconds", "Start time of the process since unix epoch in seconds.").Add(() => start);
    }

    /// <summary>Reads <c>stat</c>, <c>limits</c> and <c>fd</c>; what cannot be read is NaN.</summary>
    internal static Reading Read(string self)
    {
        var reading = Reading.Nothing;
        if (TryReadAll(Path.Combine(self, "stat"), out byte[] stat)) reading = ParseStat(stat, reading);
        if (TryReadAll(Path.Combine(self, "limits"), out byte[] limits)) reading = reading with { MaxDescriptors = ParseLimit(limits) };
        return reading with { OpenDescriptors = CountDescriptors(Path.Combine(self, "fd")) };
    }

    /// <summary>Reads the fields of proc_pid_stat(5). The name in field 2 may hold blanks and parentheses: fields count from its last one.</summary>
    internal static Reading ParseStat(ReadOnlySpan<byte> stat, Reading reading)
    {
        int end = stat.LastIndexOf((byte)')');
        if (end < 0) return reading;
        ReadOnlySpan<byte> rest = stat[(end + 1)..];
        double user = double.NaN;
        double system = double.NaN;
        int field = 2;
        foreach (Range range in rest.SplitAny(" \n"u8))
        {
            ReadOnlySpan<byte> text = rest[range];
            if (text.IsEmpty) continue;
            field++;
            if (!Utf8Parser.TryParse(text, out long value, out _)) continue;
            switch (field)
            {
                case 14:
                    user = value / TicksPerSecond;
                    break;
                case 15:
                    system = value / TicksPerSecond;
                    break;
                case 20:
                    reading = reading with { Threads = value };
                    break;
                case 22:
                    reading = reading with { StartAfterBoot = value / TicksPerSecond };
                    break;
                case 23:
                    reading = reading with { VirtualBytes = value };
                    break;
                case 24:
                    reading = reading with { ResidentBytes = (double)value * Environment.SystemPageSize };
                    break;
                default:
                    break;
            }
        }

        return reading with { CpuSeconds = user + system };
    }

    /// <summary>The soft limit of open files in proc_pid_limits(5); NaN when there is none in it, +Inf when unlimited.</summary>
    internal static double ParseLimit(ReadOnlySpan<byte> limits)
    {
        ReadOnlySpan<byte> label = "Max open files"u8;
        int at = limits.IndexOf(label);
        if (at < 0) return double.NaN;
        ReadOnlySpan<byte> value = limits[(at + label.Length)..].TrimStart((byte)' ');
        if (value.StartsWith("unlimited"u8)) return double.PositiveInfinity;
        return Utf8Parser.TryParse(value, out long limit, out _) ? limit : double.NaN;
    }

    private static double StartSeconds(string proc, Reading reading)
    {
        if (!TryReadAll(Path.Combine(proc, "stat"), out byte[] stat)) return double.NaN;
        int at = stat.AsSpan().IndexOf("\nbtime "u8);
        return at >= 0 && Utf8Parser.TryParse(stat.AsSpan(at + 7), out long boot, out _) ? boot + reading.StartAfterBoot : double.NaN;
    }

    private static double CountDescriptors(string directory)
    {
        try
        {
            // Names are not made into strings: there may be tens of thousands.
            var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true };
            int count = 0;
            foreach (byte _ in new FileSystemEnumerable<byte>(directory, static (ref FileSystemEntry _) => 0, options)) count++;
            return count - 1; // the one that reads the directory
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return double.NaN;
        }
    }

    private static bool TryReadAll(string path, out byte[] bytes)
    {
        try
        {
            bytes = File.ReadAllBytes(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            bytes = [];
            return false;
        }
    }

    /// <summary>One look at the process.</summary>
    internal readonly record struct Reading(
        double CpuSeconds, double OpenDescriptors, double MaxDescriptors, double VirtualBytes, double ResidentBytes, double Threads,
        double StartAfterBoot)
    {
        public static Reading Nothing { get; } = new(
            double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
    }
}
