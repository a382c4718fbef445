namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>What became of a request's API key. For all but the first two the client gets the same answer.</summary>
internal enum ApiKeyOutcome : byte
{
    /// <summary>The method asks for none.</summary>
    NotNeeded,

    Accepted,

    /// <summary>No header, or no authorizer that named a key.</summary>
    Missing,

    /// <summary>No key has the value.</summary>
    Unknown,

    Disabled,

    /// <summary>In no usage plan that lists the API stage.</summary>
    NotInPlan,
}
