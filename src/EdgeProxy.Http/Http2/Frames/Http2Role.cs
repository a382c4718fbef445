namespace EdgeProxy.Http.Http2.Frames;

/// <summary>Which end of a connection: some frames and settings only one of them may send.</summary>
public enum Http2Role : byte
{
    Client,
    Server,
}
