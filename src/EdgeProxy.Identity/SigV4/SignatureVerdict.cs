namespace EdgeProxy.Identity.SigV4;

/// <summary>What is found of a request's signature.</summary>
/// <param name="Failure">None when it is good.</param>
/// <param name="Message">What the caller is told; empty when it is good. Never holds more than the caller sent or could compute.</param>
/// <param name="Key">The key that signed, when it is good.</param>
public readonly record struct SignatureVerdict(SignatureFailure Failure, string Message, AccessKey? Key)
{
    public bool IsGood => Failure == SignatureFailure.None;

    /// <summary>The value of <c>x-amzn-ErrorType</c> (specification security.md 3.9).</summary>
    public string ErrorType => Failure switch
    {
        SignatureFailure.Missing => "MissingAuthenticationTokenException",
        SignatureFailure.Incomplete => "IncompleteSignatureException",
        SignatureFailure.UnknownKey => "UnrecognizedClientException",
        SignatureFailure.KeyExpired => "ExpiredTokenException",
        _ => "InvalidSignatureException",
    };
}
