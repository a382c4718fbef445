using EdgeProxy.ControlPlane.Documents;

namespace EdgeProxy.Commands.Syntax;

/// <summary>Reads arguments of the process into a command and its parameters.</summary>
/// <remarks>
/// An option's value stands behind it or behind a <c>=</c>. A value may start with a dash unless it is itself an option of the command; behind
/// <c>--</c> everything is an argument. No word is expanded: one that starts with @ is what it is.
/// </remarks>
internal static class CommandParser
{
    private const string Help = "--help";

    public static ParsedCommand Parse(Command root, IReadOnlyList<string> words)
    {
        Command command = root;
        string path = root.Name;
        int at = 0;
        while (at < words.Count && Find(command, words[at]) is { } inner)
        {
            command = inner;
            path = $"{path} {inner.Name}";
            at++;
        }

        var parsed = new ParsedCommand(command, path);
        if (command.Action is null && (at == words.Count || !IsHelp(words[at])))
        {
            string[] known = [.. command.Commands.Select(static inner => inner.Name)];
            parsed.Faults.Add(at == words.Count ? "Required command was not provided." : $"There is no command '{words[at]}'.{Suggest.DidYouMean(words[at], known)}");
            return parsed;
        }

        Read(parsed, words, at);
        if (!parsed.AsksForHelp && parsed.Faults.Count == 0 && command.Check?.Invoke(parsed) is { } wrong) parsed.Faults.Add(wrong);
        return parsed;
    }

    private static Command? Find(Command command, string word)
    {
        foreach (Command inner in command.Commands)
        {
            if (inner.Name == word) return inner;
        }

        return null;
    }

    private static bool IsHelp(string word) => word is Help or "-h" or "-?";

    private static void Read(ParsedCommand parsed, IReadOnlyList<string> words, int at)
    {
        Command command = parsed.Command;
        int place = 0;
        bool onlyArguments = false;
        while (at < words.Count)
        {
            string word = words[at++];
            if (!onlyArguments && word == "--")
            {
                onlyArguments = true;
                continue;
            }

            if (onlyArguments || word is "-" || !word.StartsWith('-'))
            {
                TakeArgument(parsed, word, ref place);
                continue;
            }

            int equals = word.IndexOf('=');
            string name = equals < 0 ? word : word[..equals];
            if (command.OptionOrNull(name) is not { } option)
            {
                if (IsHelp(word))
                {
                    parsed.AsksForHelp = true;
                    return;
                }

                string[] known = [.. command.Options.Select(static option => option.Name), Help];
                string file = command.Arguments is [{ IsRepeated: true }, ..] ? $" A file of that name is ./{word}." : "";
                parsed.Faults.Add($"There is no option '{word}'.{Suggest.DidYouMean(name, known)}{file}");
                continue;
            }

            TakeOption(parsed, option, name, equals < 0 ? null : word[(equals + 1)..], words, ref at);
        }

        for (; place < command.Arguments.Count; place++)
        {
            if (!command.Arguments[place].IsRepeated) parsed.Faults.Add($"Required argument missing: {command.Arguments[place].Name}.");
        }
    }

    private static void TakeArgument(ParsedCommand parsed, string word, ref int place)
    {
        if (place >= parsed.Command.Arguments.Count)
        {
            parsed.Faults.Add($"'{word}' is one argument too many.");
            return;
        }

        Argument argument = parsed.Command.Arguments[place];
        if (!argument.IsRepeated) place++;
        if (argument.Check?.Invoke(word) is { } wrong) parsed.Faults.Add(wrong);
        parsed.Add(argument, word);
    }

    private static void TakeOption(ParsedCommand parsed, Option option, string name, string? value, IReadOnlyList<string> words, ref int at)
    {
        if (!option.TakesValue)
        {
            if (value is not null) parsed.Faults.Add($"'{name}' takes no value.");
            parsed.Add(option, "");
            return;
        }

        if (value is null)
        {
            if (at == words.Count || parsed.Command.OptionOrNull(words[at]) is not null || words[at] == "--")
            {
                parsed.Faults.Add($"Required argument missing for option '{name}'.");
                return;
            }

            value = words[at++];
        }

        if (!option.IsRepeated && parsed.Has(option)) parsed.Faults.Add($"'{name}' is given twice.");
        if (option.Values is { } values && !values.Contains(value)) parsed.Faults.Add($"'{name}' is '{value}': it must be one of {string.Join(", ", values)}.{Suggest.DidYouMean(value, values)}");
        if (option.Check?.Invoke(value) is { } wrong) parsed.Faults.Add(wrong);
        parsed.Add(option, value);
    }
}
