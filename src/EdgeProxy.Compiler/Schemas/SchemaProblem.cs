namespace EdgeProxy.Compiler.Schemas;

/// <summary>Something wrong with a schema.</summary>
/// <param name="At">Where.</param>
/// <param name="Message">What is wrong and what to change.</param>
/// <param name="IsUnsupported">True when the schema is right but cannot be run.</param>
internal sealed record SchemaProblem(JsonValue At, string Message, bool IsUnsupported = false);
