namespace EdgeProxy.Http.Messages;

/// <summary>One field line: where its name and value lie in the table's block, and which known name it is.</summary>
public struct HeaderField
{
    public int NameStart;
    public int NameLength;
    public int ValueStart;
    public int ValueLength;
    public KnownHeader Known;

    /// <summary>Received as never to be indexed (RFC 7541, 6.2.3): whoever forwards it over HTTP/2 has to send it the same way.</summary>
    public bool NeverIndexed;
}
