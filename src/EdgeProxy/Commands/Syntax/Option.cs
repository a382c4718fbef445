namespace EdgeProxy.Commands.Syntax;

/// <summary>A word that starts with a dash, and takes the word behind it, or stands for itself.</summary>
internal sealed class Option(string name, string? shortName = null) : Parameter(name)
{
    public string? ShortName { get; } = shortName;

    /// <summary>What help calls its value; null for one that takes none.</summary>
    public string? ValueName { get; init; }

    /// <summary>The only values there are.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    public bool TakesValue => ValueName is not null || Values is not null;

    public override string Label
    {
        get
        {
            string names = ShortName is null ? Name : $"{ShortName}, {Name}";
            return Values is not null ? $"{names} <{string.Join('|', Values)}>" : ValueName is not null ? $"{names} <{ValueName}>" : names;
        }
    }

    public bool IsCalled(string word) => word == Name || word == ShortName;
}
