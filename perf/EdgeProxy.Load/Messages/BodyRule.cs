namespace EdgeProxy.Load.Messages;

/// <summary>Whether responses on a connection can have content.</summary>
internal enum BodyRule
{
    /// <summary>As their heads say.</summary>
    ByHead,

    /// <summary>They answer HEAD: a length is declared and nothing follows.</summary>
    Never,
}
