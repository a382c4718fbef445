using System.Globalization;

namespace EdgeProxy.Load.Compare;

/// <summary>The fields of <c>/proc/PID/stat</c> (proc(5)) that are used here.</summary>
/// <param name="Parent">Process id of the parent.</param>
/// <param name="CpuTicks">User and system time, of all threads, in clock ticks.</param>
/// <param name="ResidentPages">Resident memory in pages.</param>
internal readonly record struct ProcessStat(int Parent, long CpuTicks, long ResidentPages)
{
    private const int ParentField = 1;
    private const int UserField = 11;
    private const int SystemField = 12;
    private const int ResidentField = 21;

    /// <summary>Reads the line. The name, in parentheses, may hold anything, so fields count from the last parenthesis.</summary>
    public static bool TryParse(string line, out ProcessStat stat)
    {
        stat = default;
        int name = line.LastIndexOf(')');
        if (name < 0 || name + 2 > line.Length) return false;

        string[] fields = line[(name + 2)..].Split(' ');
        if (fields.Length <= ResidentField) return false;
        if (!TryRead(fields[ParentField], out long parent) || !TryRead(fields[UserField], out long user)
            || !TryRead(fields[SystemField], out long system) || !TryRead(fields[ResidentField], out long resident))
        {
            return false;
        }

        stat = new ProcessStat((int)parent, user + system, resident);
        return true;
    }

    private static bool TryRead(string field, out long value) =>
        long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
