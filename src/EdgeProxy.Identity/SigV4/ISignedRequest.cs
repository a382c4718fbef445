namespace EdgeProxy.Identity.SigV4;

/// <summary>What of a request a signature is made of. Asked for on the thread that verifies; what it gives is borrowed.</summary>
public interface ISignedRequest
{
    /// <summary>As on the wire.</summary>
    ReadOnlySpan<byte> Method { get; }

    /// <summary>As on the wire, without the query.</summary>
    ReadOnlySpan<byte> Path { get; }

    /// <summary>As on the wire, without the question mark.</summary>
    ReadOnlySpan<byte> Query { get; }

    /// <summary>Header fields, <c>Host</c> or <c>:authority</c> as <c>host</c> among them, in the order of the wire.</summary>
    int FieldCount { get; }

    ReadOnlySpan<byte> FieldName(int index);

    ReadOnlySpan<byte> FieldValue(int index);
}
