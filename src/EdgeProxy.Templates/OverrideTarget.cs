namespace EdgeProxy.Templates;

/// <summary>What an override changes (rest-api.md 6.11).</summary>
public enum OverrideTarget : byte
{
    RequestHeader,
    RequestPath,
    RequestQueryString,
    ResponseHeader,
}
