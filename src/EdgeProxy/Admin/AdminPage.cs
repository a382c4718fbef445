namespace EdgeProxy.Admin;

/// <summary>What can be asked of the admin listener.</summary>
internal enum AdminPage
{
    /// <summary>Nothing that is there.</summary>
    None,

    /// <summary><c>/metrics</c>.</summary>
    Metrics,

    /// <summary><c>/livez</c> and <c>/healthz</c>: whether the process should be left alone.</summary>
    Live,

    /// <summary><c>/readyz</c>: whether it should get traffic.</summary>
    Ready,

    /// <summary><c>/config/version</c>.</summary>
    ConfigurationVersion,

    /// <summary><c>/explain</c>: what a request would meet.</summary>
    Explain,

    /// <summary><c>/flush</c>: empties caches.</summary>
    Flush,

    /// <summary>The Invoke API of the node's functions.</summary>
    Invoke,

    /// <summary><c>/upstreams</c>: how the targets of upstreams stand.</summary>
    Upstreams,

    /// <summary>The management APIs of both versions.</summary>
    Management,
}
