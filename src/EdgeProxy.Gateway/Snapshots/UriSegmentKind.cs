namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What a piece of an integration URI is.</summary>
internal enum UriSegmentKind : byte
{
    Literal,

    /// <summary><c>{name}</c>: an integration path parameter.</summary>
    Placeholder,

    /// <summary><c>${stageVariables.name}</c>.</summary>
    StageVariable,
}
