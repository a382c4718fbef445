namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>The keywords that look at arrays (draft 4, 5.3).</summary>
internal sealed class ArrayRules
{
    public int MinItems { get; init; }

    public int MaxItems { get; init; } = int.MaxValue;

    public bool AreUnique { get; init; }

    /// <summary>Schemas of the first items, one by one: <c>items</c> as a list.</summary>
    public SchemaPlan[] First { get; set; } = [];

    /// <summary>The schema of all other items; null when anything may stand there.</summary>
    public SchemaPlan? Rest { get; set; }
}
