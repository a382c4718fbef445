namespace EdgeProxy.Lambda.Runtime;

/// <summary>How the reading of a streamed result ended.</summary>
internal enum StreamEnd : byte
{
    Whole,

    /// <summary>Its trailers say that the function failed on the way.</summary>
    Failed,

    /// <summary>The runtime did not send its end.</summary>
    Truncated,

    /// <summary>It was larger than allowed.</summary>
    TooLarge,

    /// <summary>Nobody reads on.</summary>
    Dropped,
}
