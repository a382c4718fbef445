namespace EdgeProxy.Lambda.Invocation;

/// <summary>How a function is reached; also the order in which targets are asked whether they take a name (specification lambda.md 16).</summary>
public enum FunctionTargetKind : byte
{
    /// <summary>A process of this node.</summary>
    Local,

    /// <summary>A plain HTTP URL that gets the event as a POST.</summary>
    Url,

    /// <summary>An Invoke endpoint, of AWS or compatible.</summary>
    Endpoint,
}
