namespace EdgeProxy.Templates;

/// <summary>Where a request parameter comes from, in the order in which <c>$input.params(name)</c> looks.</summary>
public enum ParameterPlace : byte
{
    Path,
    QueryString,
    Header,
}
