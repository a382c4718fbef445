namespace EdgeProxy.Compiler.Mappings;

/// <summary>What a part of an integration URI is.</summary>
public enum UriPartKind
{
    /// <summary>Text.</summary>
    Literal,

    /// <summary><c>{name}</c>: an integration path parameter.</summary>
    Placeholder,

    /// <summary><c>${stageVariables.name}</c>.</summary>
    StageVariable,
}
