namespace EdgeProxy.Transport.Tls;

/// <summary>What is wrong with a certificate, a key or a trust store.</summary>
/// <param name="Code">Which kind.</param>
/// <param name="IsWarning">Whether it can be used all the same.</param>
/// <param name="Text">A sentence that says what to change.</param>
public readonly record struct TlsProblem(TlsProblemCode Code, bool IsWarning, string Text);
