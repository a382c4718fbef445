namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>What an object with a member of that name has to be besides (draft 4, 5.4.5).</summary>
/// <param name="Name">The name's number.</param>
/// <param name="Required">Bits of the names that must be there too; empty for none.</param>
/// <param name="Schema">What the object must be; null for anything.</param>
internal sealed record PropertyDependency(int Name, ulong[] Required, SchemaPlan? Schema);
