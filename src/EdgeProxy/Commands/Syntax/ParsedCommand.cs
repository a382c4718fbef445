namespace EdgeProxy.Commands.Syntax;

/// <summary>What was written behind a command.</summary>
internal sealed class ParsedCommand
{
    private readonly Dictionary<Parameter, List<string>> _values = [];

    /// <param name="command">The command.</param>
    /// <param name="path">It and those it is in, as they are written.</param>
    public ParsedCommand(Command command, string path)
    {
        Command = command;
        Path = path;
    }

    public Command Command { get; }

    public string Path { get; }

    /// <summary>Help was asked for; the rest was not looked at.</summary>
    public bool AsksForHelp { get; internal set; }

    /// <summary>What is wrong, a sentence each.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>It was given; never for a parameter of another command.</summary>
    public bool Has(Parameter parameter) => _values.ContainsKey(parameter);

    /// <summary>Its value; null when it was not given.</summary>
    public string? TextOrNull(Parameter parameter) => _values.TryGetValue(parameter, out List<string>? values) ? values[^1] : null;

    /// <summary>All its values, in order.</summary>
    public IReadOnlyList<string> TextsOf(Parameter parameter) => _values.TryGetValue(parameter, out List<string>? values) ? values : [];

    internal void Add(Parameter parameter, string value)
    {
        if (!_values.TryGetValue(parameter, out List<string>? values)) _values.Add(parameter, values = []);
        values.Add(value);
    }
}
