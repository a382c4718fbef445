namespace EdgeProxy.Settings;

/// <summary>Setting <c>desync.mode</c>.</summary>
internal enum DesyncMode
{
    /// <summary>Every ambiguity is 400 and the end of the connection.</summary>
    Strict,

    /// <summary>Ambiguities that cannot change where a message ends are cleaned and passed.</summary>
    Defensive,

    /// <summary>They are only counted.</summary>
    Monitor,
}
