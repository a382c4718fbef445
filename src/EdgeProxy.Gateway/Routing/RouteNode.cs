namespace EdgeProxy.Gateway.Routing;

/// <summary>A place in the tree: literal bytes to get here, then an end, literal children, a parameter, a greedy parameter. 32 bytes, no references.</summary>
/// <remarks>
/// Index 0 is the root and nobody's child, so 0 says "none" wherever an index of a node stands. The byte by which the parent chose
/// the node is not in the label any more. Only nodes at the start of a segment have parameters.
/// </remarks>
internal struct RouteNode
{
    /// <summary>Literal bytes that come first.</summary>
    public RouteLabel Label;

    /// <summary>
    /// Where in the table's children this node's row begins: one index of a node for each byte from <see cref="LowByte"/> on. With a
    /// <see cref="ByteSpan"/> of 0 the only child itself, which spares a look into memory.
    /// </summary>
    public int Children;

    /// <summary>The node behind <c>{name}</c>.</summary>
    public int Parameter;

    /// <summary>Where this node's ordinals begin: one for each bit of <see cref="EndMethods"/>, then one for each bit of <see cref="GreedyMethods"/>.</summary>
    public int Routes;

    public byte LowByte;

    /// <summary>How far the row of children reaches beyond <see cref="LowByte"/>.</summary>
    public byte ByteSpan;

    /// <summary>Methods of the routes that end here, ANY spelled out.</summary>
    public byte EndMethods;

    /// <summary>Methods of the routes that end in <c>{name+}</c> here, ANY spelled out.</summary>
    public byte GreedyMethods;

    /// <summary>Methods of all routes here and below: without the request's, the search need not enter.</summary>
    public byte Methods;

    /// <summary>How many parameters stand on the way here.</summary>
    public byte ParameterCount;

    /// <summary>Whether a parameter, greedy or not, begins here: a place to return to when the literal way fails.</summary>
    public bool Branches;
}
