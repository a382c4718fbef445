namespace EdgeProxy.Http.Http2.Frames;

/// <summary>How a connection's first bytes compare with the client's preface.</summary>
public enum PrefaceMatch : byte
{
    /// <summary>It is something else; for a connection agreed to be HTTP/2 that is a connection error.</summary>
    Other,

    /// <summary>So far so good (no bytes at all included); more are needed to tell.</summary>
    Partial,

    /// <summary>It is the preface, and frames follow.</summary>
    Whole,
}
