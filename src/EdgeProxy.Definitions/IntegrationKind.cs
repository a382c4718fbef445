namespace EdgeProxy.Definitions;

/// <summary>What answers a method.</summary>
public enum IntegrationKind
{
    /// <summary>Nothing is called; the request template names the status.</summary>
    Mock,

    /// <summary>An HTTP back end with mappings both ways.</summary>
    Http,

    /// <summary>An HTTP back end, passed through.</summary>
    HttpProxy,

    /// <summary>An AWS service action, or a Lambda function with mappings.</summary>
    Aws,

    /// <summary>A Lambda function that gets the request as an event.</summary>
    AwsProxy,
}
