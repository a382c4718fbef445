namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>Where a method's API key comes from (rest-api.md 9.1).</summary>
internal enum ApiKeySource : byte
{
    /// <summary>The method asks for no key.</summary>
    None,

    /// <summary>The field <c>X-API-Key</c>.</summary>
    Header,

    /// <summary>What the authorizer names as <c>usageIdentifierKey</c>; the field is ignored.</summary>
    Authorizer,
}
