namespace EdgeProxy.Commands.Syntax;

/// <summary>What may stand on a command line behind a command: an option or an argument.</summary>
internal abstract class Parameter
{
    protected Parameter(string name) => Name = name;

    /// <summary>As it is written, dashes included, or as help calls it.</summary>
    public string Name { get; }

    public required string Description { get; init; }

    /// <summary>It may be given more than once.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Gives what is wrong with a value, or null.</summary>
    public Func<string, string?>? Check { get; init; }

    /// <summary>How help writes it.</summary>
    public abstract string Label { get; }
}
