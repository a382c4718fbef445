namespace EdgeProxy.Definitions;

/// <summary>Where a REST API takes the API key of a request from.</summary>
public enum ApiKeySource
{
    /// <summary>The header <c>X-API-Key</c>.</summary>
    Header,

    /// <summary>What a Lambda authorizer returns.</summary>
    Authorizer,
}
