using System.Text;

namespace EdgeProxy.Load.Compare;

/// <summary>Writes results as a Markdown table.</summary>
internal static class Table
{
    private static readonly string[] Contenders = [Contender.EdgeProxyName, Contender.NginxName, Contender.HaProxyName, Contender.H2oName];

    /// <summary>The table, and the notes below it.</summary>
    public static string Write(IReadOnlyList<RowResult> rows, IEnumerable<string> notes)
    {
        StringBuilder text = new();
        text.AppendLine("| figure | must | goal | EdgeProxy | nginx | HAProxy | h2o | judged | reached |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (RowResult row in rows)
        {
            IEnumerable<string> cells = Contenders.Select(name => row.Cells.GetValueOrDefault(name, ""));
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
