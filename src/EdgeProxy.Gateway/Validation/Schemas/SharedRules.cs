namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>The keywords of draft 4 that look at values of any kind (5.5).</summary>
internal sealed class SharedRules
{
    public EnumRule? Enum { get; set; }

    public SchemaPlan[] AllOf { get; set; } = [];

    public SchemaPlan[] AnyOf { get; set; } = [];

    public SchemaPlan[] OneOf { get; set; } = [];

    public SchemaPlan? Not { get; set; }
}
