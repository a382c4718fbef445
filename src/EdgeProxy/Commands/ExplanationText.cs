using System.Globalization;
using System.Text;
using EdgeProxy.Gateway.Operations.Explanations;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Commands;

/// <summary>Prints an explanation for people: a heading for each phase, what it found below.</summary>
internal static class ExplanationText
{
    private const int LongestCell = 160;

    // Columns beyond this push the others out of sight; such cells stand out over the next.
    private const int WidestColumn = 48;

    public static void Write(Explanation explanation, TextWriter output)
    {
        WriteMessage(">", "request", explanation.Request, output);
        for (int i = 0; i < explanation.Phases.Count; i++) WritePhase(i + 1, explanation.Phases[i], output);
        if (explanation.Integration is { } integration)
        {
            output.WriteLine();
            WriteMessage(">", explanation.End == ExplainedEnd.AtIntegration ? "would be sent" : "integration request", integration, output);
        }

        output.WriteLine();
        if (explanation.Response is { } response) WriteMessage("<", "response", response, output);
        output.WriteLine(explanation.End switch
        {
            ExplainedEnd.Answered => "Nothing was sent.",
            ExplainedEnd.AtIntegration => "Nothing was sent. Give an answer (--answer-status, --answer-header, --answer-body) to see what would become of it.",
            ExplainedEnd.RefusedByListener => $"The listener refuses these bytes before any phase: {explanation.Violation}.",
            ExplainedEnd.Cut => "The connection would be cut without a response.",
            _ => "The walk waits here for something that a rehearsal does not have.",
        });
        if (explanation.IsCut) output.WriteLine("Some of it is left out here for its length.");
    }

    private static void WritePhase(int number, ExplainedPhase phase, TextWriter output)
    {
        output.WriteLine();
        string outcome = phase.Outcome switch
        {
            ExplainedOutcome.Continue => "goes on",
            ExplainedOutcome.Answer => "answers",
            ExplainedOutcome.Call => "calls the integration",
            _ => $"fails: {phase.Fault}",
        };
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number,2} {phase.Name,-19} {outcome}"));
        int width = phase.Facts.Count == 0 ? 0 : phase.Facts.Max(static fact => fact.Key.Length);
        foreach ((string name, string value) in phase.Facts) output.WriteLine($"   {name.PadRight(width)}  {OneLine(value)}".TrimEnd());
        foreach (ExplainedTable table in phase.Tables) WriteTable(table, output);
    }

    private static void WriteTable(ExplainedTable table, TextWriter output)
    {
        output.WriteLine($"   {table.Name}:");
        int[] widths = [.. table.Columns.Select((column, i) => Math.Min(WidestColumn, Math.Max(column.Length, table.Rows.Count == 0 ? 0 : table.Rows.Max(row => OneLine(row[i]).Length))))];
        output.WriteLine(Line(table.Columns, widths));
        foreach (IReadOnlyList<string> row in table.Rows) output.WriteLine(Line(row, widths));
        if (table.LeftOut > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"     and {table.LeftOut} more"));
    }

    private static string Line(IReadOnlyList<string> cells, int[] widths)
    {
        var line = new StringBuilder("    ");
        for (int i = 0; i < cells.Count; i++)
        {
            string cell = OneLine(cells[i]);
            line.Append(' ').Append(i == cells.Count - 1 ? cell : cell.PadRight(widths[i])).Append(' ');
        }

        return line.ToString().TrimEnd();
    }

    private static void WriteMessage(string mark, string what, ExplainedMessage message, TextWriter output)
    {
        output.WriteLine(message.Status > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{mark} {what}: {message.Status} {Encoding.ASCII.GetString(StatusText.Of(message.Status))}")
            : $"{mark} {what}: {message.Method} {OneLine(message.Url ?? "")}");
        foreach ((string name, string value) in message.Headers) output.WriteLine($"{mark}   {OneLine(name)}: {OneLine(value)}");
        if (message.BodyBytes == 0) return;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mark}   body, {message.BodyBytes} bytes{(message.IsBase64 ? ", in base64" : "")}{(message.IsCut ? ", its beginning" : "")}:"));
        foreach (string line in message.Body.ReplaceLineEndings("\n").Split('\n')) output.WriteLine($"{mark}   {Visible(line)}");
    }

    // Nothing that a message holds may move the cursor of whoever reads this.
    private static string OneLine(string text)
    {
        if (text.Length > LongestCell) text = string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[LongestCell - 1]) ? LongestCell - 1 : LongestCell), "…");
        return Visible(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal));
    }

    private static string Visible(string text)
    {
        if (!text.Any(static c => char.IsControl(c) && c != '\t')) return text;
        var visible = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (char.IsControl(c) && c != '\t') visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else visible.Append(c);
        }

        return visible.ToString();
    }
}
