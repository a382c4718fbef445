namespace EdgeProxy.Templates.Execution;

/// <summary>Where a name of a template was found last.</summary>
internal struct FoundPlace
{
    /// <summary>Which name (<see cref="Compilation.NameEntry.Id"/>); 0 for none.</summary>
    public long Id;

    /// <summary>Nodes from the object to the key.</summary>
    public int Distance;

    /// <summary>The number of the key: another key with that number has that name too, and needs no comparison.</summary>
    public int Number;
}
