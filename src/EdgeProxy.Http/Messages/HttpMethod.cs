namespace EdgeProxy.Http.Messages;

/// <summary>The methods that routing tells apart (RFC 9110, 9; RFC 5789).</summary>
public enum HttpMethod : byte
{
    Other,
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
    Trace,
    Connect,
}
