namespace EdgeProxy.Lambda.Runtime;

/// <summary>The calls of the Runtime API (specification lambda.md 3).</summary>
internal enum RuntimeCall : byte
{
    /// <summary>No path of ours: 404. Extensions, telemetry and restore hooks are not offered.</summary>
    Unknown,

    /// <summary>A path of ours by another method: 405.</summary>
    WrongMethod,
    Next,
    Response,
    Error,
    InitError,
    Ping,
}
