namespace EdgeProxy.Gateway.Validation;

/// <summary>Which of the names that a schema knows a name of the body is, by the name's number (<see cref="EdgeProxy.Core.Json.JsonToken.Next"/>): objects of a list have the same names.</summary>
internal struct KnownName
{
    /// <summary>The reading that the number is of; of another one it says nothing.</summary>
    public long Reading;

    /// <summary>The <see cref="Schemas.ObjectRules.Id"/> of the rules.</summary>
    public int Rules;

    /// <summary>The name's number in the rules' table; -1 when they do not know it.</summary>
    public int Number;
}
