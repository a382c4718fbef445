using System.Text;

namespace EdgeProxy.Load.Runs;

/// <summary>Writes a request as it goes over the wire.</summary>
internal static class RequestBytes
{
    /// <summary>
    /// A head with Host (unless given), the fields given, Content-Length when there is a body, and the body.
    /// </summary>
    public static byte[] Write(string method, Uri url, IReadOnlyList<string> fields, ReadOnlySpan<byte> body)
    {
        StringBuilder head = new();
        head.Append(method).Append(' ').Append(url.PathAndQuery).Append(" HTTP/1.1\r\n");
        if (!fields.Any(field => field.StartsWith("host:", StringComparison.OrdinalIgnoreCase)))
        {
            head.Append("Host: ").Append(url.Authority).Append("\r\n");
        }

        foreach (string field in fields) head.Append(field).Append("\r\n");
        if (!body.IsEmpty || method is "POST" or "PUT" or "PATCH") head.Append("Content-Length: ").Append(body.Length).Append("\r\n");
        head.Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. body];
    }
}
