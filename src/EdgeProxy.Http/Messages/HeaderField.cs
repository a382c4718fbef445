namespace EdgeProxy.Http.Messages;

/// <summary>One field line: where its name and value lie in the table's block, and which known name it is.</summary>
public struct HeaderField
{
    public int NameStart;
    public int NameLength;
    public int ValueStart;
    public int ValueLength;
    public KnownHeader Known;
}
