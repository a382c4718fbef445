using System.Globalization;

namespace EdgeProxy.Load.Compare;

/// <summary>What the system accounts to a process and all processes below it, read from <c>/proc</c>.</summary>
internal static class ProcessTree
{
    /// <summary>Nanoseconds in the clock tick of <c>/proc/PID/stat</c>; 100 a second on every Linux there is.</summary>
    private const long NanosecondsPerTick = 10_000_000;

    /// <summary>User and system time used so far by the process and its living descendants, in nanoseconds (to 10 ms each).</summary>
    public static long CpuNanoseconds(int root)
    {
        Dictionary<int, ProcessStat> all = ReadAll();
        return Members(root, all).Sum(pid => all[pid].CpuTicks) * NanosecondsPerTick;
    }

    /// <summary>Resident memory of the process and its descendants, in bytes; pages they share count for each.</summary>
    public static long ResidentBytes(int root)
    {
        Dictionary<int, ProcessStat> all = ReadAll();
        return Members(root, all).Sum(pid => all[pid].ResidentPages) * Environment.SystemPageSize;
    }

    /// <summary>The most resident memory that one process, without its descendants, has had, in bytes.</summary>
    public static long PeakResidentBytes(int process)
    {
        string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>The process and its living descendants.</summary>
    public static IReadOnlyList<int> Members(int root) => Members(root, ReadAll());

    private static List<int> Members(int root, Dictionary<int, ProcessStat> all)
    {
        List<int> members = all.ContainsKey(root) ? [root] : [];
        for (int index = 0; index < members.Count; index++)
        {
            int parent = members[index];
            members.AddRange(all.Where(entry => entry.Value.Parent == parent).Select(entry => entry.Key));
        }

        return members;
    }

    private static Dictionary<int, ProcessStat> ReadAll()
    {
        Dictionary<int, ProcessStat> all = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)) continue;
            try
            {
                if (ProcessStat.TryParse(File.ReadAllText(Path.Combine(directory, "stat")), out ProcessStat stat)) all[pid] = stat;
            }
            catch (IOException)
            {
                // It ended between the listing and the reading.
            }
        }

        return all;
    }
}
