using System.Collections;

namespace EdgeProxy.Commands.Syntax;

/// <summary>A verb: what may stand behind it, and what it does. Or a group of verbs.</summary>
internal sealed class Command(string name, string description) : IEnumerable<Parameter>
{
    private readonly List<Option> _options = [];
    private readonly List<Argument> _arguments = [];
    private readonly List<Command> _commands = [];

    /// <summary>As it is written.</summary>
    public string Name { get; } = name;

    public string Description { get; } = description;

    public IReadOnlyList<Option> Options => _options;

    /// <summary>In the order of their places; only the last may be repeated.</summary>
    public IReadOnlyList<Argument> Arguments => _arguments;

    public IReadOnlyList<Command> Commands => _commands;

    /// <summary>Gives the exit status; null for a group.</summary>
    public Func<ParsedCommand, int>? Action { get; set; }

    /// <summary>Gives what is wrong with all of it, or null.</summary>
    public Func<ParsedCommand, string?>? Check { get; set; }

    public void Add(Option option) => _options.Add(option);

    public void Add(Argument argument) => _arguments.Add(argument);

    public void Add(Command command) => _commands.Add(command);

    public Option? OptionOrNull(string word) => _options.Find(option => option.IsCalled(word));

    public IEnumerator<Parameter> GetEnumerator()
    {
        foreach (Argument argument in _arguments) yield return argument;
        foreach (Option option in _options) yield return option;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
