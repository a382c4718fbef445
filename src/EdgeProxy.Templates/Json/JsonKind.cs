namespace EdgeProxy.Templates.Json;

/// <summary>What a <see cref="JsonNode"/> is. From <see cref="Array"/> on, a node says where its subtree ends.</summary>
internal enum JsonKind : byte
{
    Null,
    False,
    True,
    Integer,
    Decimal,
    String,

    /// <summary>The name of a member; the next node is its value.</summary>
    Key,

    /// <summary>The name of a member that comes again later, so that this one does not count.</summary>
    DeadKey,
    Array,
    Object,

    /// <summary>A container that the template changed: it is a list of the heap now.</summary>
    ForwardList,

    /// <summary>A container that the template changed: it is a map of the heap now.</summary>
    ForwardMap,

    /// <summary>Stands for a later node: a name came twice, the first keeps the place and the last the value.</summary>
    Alias,
}
