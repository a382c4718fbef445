using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>A JSON schema (draft 4) as it is run. References are resolved, so that a <c>$ref</c> is the plan it leads to and costs nothing.</summary>
/// <remarks>Schemas lead to themselves, so a plan exists before its members do: the compiler fills it once, and nobody changes it afterwards.</remarks>
internal sealed class SchemaPlan
{
    /// <summary>Every kind of value.</summary>
    public const int AnyType = (1 << (int)JsonKind.Null) | (1 << (int)JsonKind.False) | (1 << (int)JsonKind.True) | (1 << (int)JsonKind.Integer) | (1 << (int)JsonKind.Decimal)
        | (1 << (int)JsonKind.String) | (1 << (int)JsonKind.Array) | (1 << (int)JsonKind.Object);

    /// <summary>A schema that takes everything.</summary>
    public static SchemaPlan Anything { get; } = new();

    private PlainRules? _plain;

    /// <summary>Where the schema stands: model and JSON pointer, for logs and explanations.</summary>
    public string Place { get; set; } = "";

    /// <summary>The kinds of values it takes, a bit for each <see cref="JsonKind"/>.</summary>
    public int Types { get; set; } = AnyType;

    public StringRules? Strings { get; set; }

    public NumberRules? Numbers { get; set; }

    public ArrayRules? Arrays { get; set; }

    public ObjectRules? Objects { get; set; }

    /// <summary>What holds for all kinds of values beside their type; null for nothing.</summary>
    public SharedRules? Shared { get; set; }

    /// <summary>What of it is told at a glance. Made when first asked for, which is when the plan is run; whoever makes it makes the same.</summary>
    public PlainRules Plain => _plain ??= new PlainRules(this);

    /// <summary>Whether it takes no value at all.</summary>
    public bool TakesNothing => Types == 0;
}
