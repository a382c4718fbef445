namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>Where a value lies in its <see cref="Messages.HeaderTable.Block"/>; read it with <see cref="Messages.HeaderTable.Slice"/>.</summary>
public readonly record struct BlockPart(int Start, int Length);
