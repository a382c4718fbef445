namespace EdgeProxy.Definitions;

/// <summary>The place in a document at which something was written, so that a problem can quote it.</summary>
/// <remarks>A definition that came by the management API has no origin; records then hold null.</remarks>
/// <param name="Document">The name of the file as the operator gave it.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) without the leading <c>#</c>; empty for the whole document.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public sealed record Origin(string Document, string Pointer, int Line, int Column);
