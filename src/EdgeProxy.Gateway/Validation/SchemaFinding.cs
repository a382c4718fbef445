namespace EdgeProxy.Gateway.Validation;

/// <summary>Where a body does not match its model.</summary>
/// <param name="Pointer">The place in the body, as a JSON pointer (RFC 6901); empty for the whole of it.</param>
/// <param name="Schema">The place in the model.</param>
/// <param name="MessageStart">Where among the messages that were written its own begins.</param>
internal readonly record struct SchemaFinding(string Pointer, string Schema, int MessageStart);
