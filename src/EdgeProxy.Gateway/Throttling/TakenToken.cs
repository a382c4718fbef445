namespace EdgeProxy.Gateway.Throttling;

/// <summary>What a taken token did to its <see cref="TokenBucket"/>, so that it can be given back.</summary>
/// <param name="Before">The bucket's word before.</param>
/// <param name="After">And after.</param>
internal readonly record struct TakenToken(long Before, long After);
