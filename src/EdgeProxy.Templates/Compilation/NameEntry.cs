using EdgeProxy.Templates.Functions;

namespace EdgeProxy.Templates.Compilation;

/// <summary>The name of a property or method.</summary>
/// <param name="Text">Its bytes.</param>
/// <param name="Constant">The constant that holds it.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Method">Which method it names.</param>
internal sealed record NameEntry(byte[] Text, int Constant, int Hash, MethodName Method);
