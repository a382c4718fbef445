namespace EdgeProxy.Templates.JsonPath;

/// <summary>Functions at the end of a path.</summary>
internal enum PathFunction : byte
{
    Length,
    Min,
    Max,
    Avg,
    Sum,
    StdDev,
    Concat,
    Append,
    Keys,
    First,
    Last,
    Index,
}
