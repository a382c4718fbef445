namespace EdgeProxy.Commands.Syntax;

/// <summary>A word that is told by its place. One that is not repeated is required.</summary>
internal sealed class Argument(string name) : Parameter(name)
{
    public override string Label => $"<{Name}>";
}
