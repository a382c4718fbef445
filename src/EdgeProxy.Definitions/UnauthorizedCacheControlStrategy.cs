namespace EdgeProxy.Definitions;

/// <summary>What a caller gets who asks to pass the cache by and may not (<c>unauthorizedCacheControlHeaderStrategy</c>).</summary>
public enum UnauthorizedCacheControlStrategy
{
    /// <summary><c>SUCCEED_WITH_RESPONSE_HEADER</c>: the answer, with a warning.</summary>
    SucceedWithResponseHeader,

    /// <summary><c>SUCCEED_WITHOUT_RESPONSE_HEADER</c>: the answer.</summary>
    SucceedWithoutResponseHeader,

    /// <summary><c>FAIL_WITH_403</c>.</summary>
    FailWith403,
}
