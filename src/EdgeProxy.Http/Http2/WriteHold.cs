namespace EdgeProxy.Http.Http2;

/// <summary>Why a stream could not send on.</summary>
internal enum WriteHold : byte
{
    /// <summary>It could: all is in the output.</summary>
    None,

    /// <summary>It had its share, and others wait.</summary>
    Turn,

    /// <summary>The output is full.</summary>
    Output,

    /// <summary>The connection's window is closed.</summary>
    ConnectionWindow,

    /// <summary>Its own window is closed.</summary>
    StreamWindow,
}
