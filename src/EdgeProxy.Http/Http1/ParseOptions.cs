namespace EdgeProxy.Http.Http1;

/// <summary>How strictly a request is read. The default value is the strict one.</summary>
public readonly struct ParseOptions
{
    /// <summary>Setting <c>desync.mode</c>.</summary>
    public DesyncMode Desync { get; init; }

    /// <summary>
    /// Setting <c>headers.rejectUnderscore</c>: refuse a head that has a name with an underscore beside the same name with a hyphen
    /// (specification security.md 15.3). Unset, both are handed on and the gateway drops the one with the underscore.
    /// </summary>
    public bool RejectUnderscore { get; init; }
}
