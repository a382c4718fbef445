using System.Text;

namespace EdgeProxy.Load.Compare;

/// <summary>Writes results as a Markdown table.</summary>
internal static class Table
{
    private static readonly string[] Always = [Contender.EdgeProxyName, Contender.NginxName, Contender.HaProxyName, Contender.H2oName];

    /// <summary>The table, and the notes below it.</summary>
    public static string Write(IReadOnlyList<RowResult> rows, IEnumerable<string> notes)
    {
        StringBuilder text = new();
        string[] contenders = rows.Any(row => row.Cells.ContainsKey(Contender.VarnishName)) ? [.. Always, Contender.VarnishName] : Always;
        text.AppendLine($"| figure | must | goal | {string.Join(" | ", contenders)} | judged | reached |");
        text.AppendLine("|" + string.Concat(Enumerable.Repeat(" --- |", contenders.Length + 5)));
        foreach (RowResult row in rows)
        {
            IEnumerable<string> cells = contenders.Select(name => row.Cells.GetValueOrDefault(name, ""));
            text.AppendLine($"| {row.Figure} | {row.Must} | {row.Goal} | {string.Join(" | ", cells)} | {row.Judged} | {Reached(row.Verdict)} |");
        }

        string[] all = [.. rows.SelectMany(row => row.Notes).Concat(notes).Distinct()];
        if (all.Length > 0) text.AppendLine();
        foreach (string note in all) text.AppendLine($"* {note}");
        return text.ToString();
    }

    private static string Reached(Verdict? verdict) => verdict switch
    {
        Verdict.Goal => "goal",
        Verdict.Must => "must",
        Verdict.Missed => "**no**",
        _ => "",
    };
}
