namespace EdgeProxy.Gateway.Hosts;

/// <summary>The rules by which a request finds its stage, in the order in which they are tried (product.md 2).</summary>
internal enum HostRule : byte
{
    /// <summary>No rule was asked: the request was refused before.</summary>
    None,

    /// <summary>The host is a configured domain; the base path says which API.</summary>
    CustomDomain,

    /// <summary>The host is a configured domain; one of its routing rules says which API.</summary>
    RoutingRule,

    /// <summary><c>{apiId}.execute-api.{anything}</c>, the stage first in the path.</summary>
    DefaultEndpoint,

    /// <summary><c>/_aws/execute-api/{apiId}/{stage}/...</c> on a loopback listener.</summary>
    ExecuteApiPath,

    /// <summary><c>/restapis/{apiId}/{stage}/_user_request_/...</c> on a loopback listener.</summary>
    UserRequestPath,

    /// <summary>Any other host: the APIs that are mounted by their files, by base path.</summary>
    Mounted,
}
