namespace EdgeProxy.Gateway.Validation;

/// <summary>Why validation refused a message: the label <c>kind</c> of <c>edgeproxy_validation_refusals_total</c>.</summary>
internal enum RefusalKind : byte
{
    Parameters,
    Malformed,
    Mismatch,
    RepeatedName,
    TooDeep,
    TooManySteps,
    PatternTimedOut,

    /// <summary>An answer that does not match its model was replaced.</summary>
    Response,

    /// <summary>An answer that does not match its model passed.</summary>
    ResponseReported,
}
