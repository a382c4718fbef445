namespace EdgeProxy.Commands.Syntax;

/// <summary>What <c>--help</c> prints.</summary>
internal static class CommandHelp
{
    public static void Write(ParsedCommand parsed, TextWriter output)
    {
        Command command = parsed.Command;
        output.WriteLine("Description:");
        foreach (string line in command.Description.Split('\n')) output.WriteLine(line.Length == 0 ? "" : $"  {line}");
        output.WriteLine();
        output.WriteLine("Usage:");
        output.Write($"  {parsed.Path}");
        if (command.Commands.Count > 0) output.Write(" [command]");
        foreach (Argument argument in command.Arguments) output.Write(argument.IsRepeated ? $" [{argument.Label}...]" : $" {argument.Label}");
        output.WriteLine(" [options]");

        List<(string, string)> rows = [];
        foreach (Argument argument in command.Arguments) rows.Add((argument.Label, argument.Description));
        WriteRows("Arguments", rows, output);
        rows = [];
        foreach (Option option in command.Options) rows.Add((option.Label, option.Description));
        rows.Add(("-?, -h, --help", "Show help and usage."));
        WriteRows("Options", rows, output);
        rows = [];
        foreach (Command inner in command.Commands) rows.Add((inner.Arguments.Aggregate(inner.Name, static (text, argument) => $"{text} {argument.Label}"), inner.Description));
        WriteRows("Commands", rows, output);
    }

    private static void WriteRows(string title, List<(string Label, string Description)> rows, TextWriter output)
    {
        if (rows.Count == 0) return;
        output.WriteLine();
        output.WriteLine($"{title}:");
        int width = 0;
        foreach ((string label, _) in rows) width = Math.Max(width, label.Length);
        foreach ((string label, string description) in rows) output.WriteLine($"  {label.PadRight(width)}  {description}");
    }
}
