namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What answers a route's requests (rest-api.md 5.1), for the one <c>switch</c> of Integrate and as a metric label.</summary>
internal enum IntegrationKind : byte
{
    /// <summary>Nothing: the route is served closed.</summary>
    Closed,
    HttpProxy,
    Http,
    Mock,

    /// <summary>A Lambda function that gets the request as an event.</summary>
    AwsProxy,

    /// <summary>A Lambda function that gets what the mapping makes.</summary>
    Aws,
}
