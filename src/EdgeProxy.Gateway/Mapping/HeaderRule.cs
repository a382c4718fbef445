namespace EdgeProxy.Gateway.Mapping;

/// <summary>What is done with a known field name; see <see cref="HeaderRules"/>.</summary>
[Flags]
internal enum HeaderRule : ushort
{
    None = 0,

    /// <summary>Of a request: as if the client had not sent it.</summary>
    Unseen = 1,

    /// <summary>Of a request: not passed on by HTTP_PROXY.</summary>
    NotProxied = 2,

    /// <summary>A request mapping to it fails the request.</summary>
    ForbiddenTarget = 4,

    /// <summary>A request mapping to it comes to nothing.</summary>
    IgnoredTarget = 8,

    /// <summary>Of a response: renamed to <c>x-amzn-Remapped-...</c>.</summary>
    Remapped = 16,

    /// <summary>The same, when it comes from a mapping of an HTTP integration.</summary>
    RemappedFromMapping = 32,

    /// <summary>Of a response: not passed on by HTTP_PROXY.</summary>
    NotReturned = 64,

    /// <summary>A request mapping to it fails the request to an AWS service, too.</summary>
    ForbiddenAwsTarget = 128,

    /// <summary>A request mapping to it comes to nothing for an AWS service.</summary>
    IgnoredAwsTarget = 256,

    /// <summary>Of a function's result: renamed like <see cref="Remapped"/>.</summary>
    RemappedFromFunction = 512,

    /// <summary>Of a function's result: left out.</summary>
    NotReturnedByFunction = 1024,
}
