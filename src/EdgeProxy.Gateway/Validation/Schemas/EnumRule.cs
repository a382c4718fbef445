using EdgeProxy.Gateway.Validation.Json;

namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>The values of an <c>enum</c>: strings are looked up, others compared one by one.</summary>
internal sealed class EnumRule(NameTable strings, KnownValue[] others, byte[] written)
{
    public NameTable Strings => strings;

    /// <summary>The values that are no strings.</summary>
    public KnownValue[] Others => others;

    /// <summary>All of them as JSON, for messages.</summary>
    public byte[] Written => written;
}
