namespace EdgeProxy.Gateway.Caching;

/// <summary>The life of an entry in its segment: reserved, then published or abandoned; published, then dead. Its bytes stay until the segment is used again.</summary>
internal enum EntryState : byte
{
    /// <summary>Being filled; nobody finds it.</summary>
    Reserved,

    /// <summary>In the index.</summary>
    Published,

    /// <summary>Replaced, removed, moved or abandoned.</summary>
    Dead,
}
