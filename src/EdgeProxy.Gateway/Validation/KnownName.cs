using EdgeProxy.Gateway.Validation.Schemas;

namespace EdgeProxy.Gateway.Validation;

/// <summary>What a schema knows of a name of the body, by the name's number (<see cref="EdgeProxy.Templates.Json.JsonTape.FirstKey"/>): objects of a list have the same names.</summary>
internal struct KnownName
{
    /// <summary>The run that it is of (<see cref="SchemaValidator.Runs"/>); of another one it says nothing before the name was compared.</summary>
    public long Run;

    /// <summary>The bit of the number; 0 for a name that the rules do not know.</summary>
    public ulong Bit;

    /// <summary>Which values are surely taken.</summary>
    public Glance Glance;

    /// <summary>The <see cref="ObjectRules.Id"/> of the rules.</summary>
    public int Rules;

    /// <summary>The name's number in the rules' table; -1 when they do not know it.</summary>
    public int Number;

    /// <summary>The schemas that looking at a value applies.</summary>
    public int Steps;
}
