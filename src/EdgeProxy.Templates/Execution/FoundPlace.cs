using EdgeProxy.Templates.Compilation;

namespace EdgeProxy.Templates.Execution;

/// <summary>Where a name of a template was found last.</summary>
internal struct FoundPlace
{
    public NameEntry? Name;

    /// <summary>Nodes from the object to the key.</summary>
    public int Distance;

    /// <summary>The number of the key: another key with that number has that name too, and needs no comparison.</summary>
    public int Number;
}
