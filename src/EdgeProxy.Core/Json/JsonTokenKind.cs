namespace EdgeProxy.Core.Json;

/// <summary>What a JSON value is, as far as a schema's <c>type</c> tells values apart; the order gives the bits of <c>SchemaPlan.Types</c>.</summary>
public enum JsonTokenKind : byte
{
    Null,
    False,
    True,

    /// <summary>A number written without fraction and exponent: draft 4 asks for the way it is written, so that 1.0 is none.</summary>
    Integer,

    /// <summary>A number written in another way.</summary>
    Number,
    String,
    Array,
    Object,
}
