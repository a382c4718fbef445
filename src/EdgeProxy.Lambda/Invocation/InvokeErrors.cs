namespace EdgeProxy.Lambda.Invocation;

/// <summary>The errors of the Invoke API and what they mean for a caller: one table, read by whoever calls and by whoever answers (specification lambda.md 14, security.md 3.9).</summary>
public static class InvokeErrors
{
    /// <summary>What a failed call came to.</summary>
    /// <param name="status">The answer's status; 0 for an exception within a stream, which has none.</param>
    /// <param name="errorType">The error's name (<c>x-amzn-ErrorType</c>), with or without the namespace before it and the address behind; empty when none was given.</param>
    public static FunctionOutcome OutcomeOf(int status, ReadOnlySpan<byte> errorType)
    {
        ReadOnlySpan<byte> name = Bare(errorType);
        foreach ((byte[] known, int usual, FunctionOutcome outcome) in s_names)
        {
            // The status is the service's word as well: one name comes with several in some cases.
            if (name.SequenceEqual(known) && (status == 0 || status == usual || status is >= 400 and < 500)) return outcome;
        }

        return status switch
        {
            400 or 415 => FunctionOutcome.BadEvent,
            401 or 403 => FunctionOutcome.AccessDenied,
            404 => FunctionOutcome.NotFound,
            413 => FunctionOutcome.EventTooLarge,
            429 => FunctionOutcome.Throttled,
            0 or 408 or 409 or 410 or >= 500 => FunctionOutcome.ServiceFailed,
            >= 400 => FunctionOutcome.BadEvent,

            // A redirect, or a success that the API does not have: whoever answers is no Invoke endpoint.
            _ => FunctionOutcome.Malformed,
        };
    }

    /// <summary>The error that an outcome is answered with (14).</summary>
    public static string NameOf(FunctionOutcome outcome) => outcome switch
    {
        FunctionOutcome.BadEvent => "InvalidRequestContentException",
        FunctionOutcome.AccessDenied => "AccessDeniedException",
        FunctionOutcome.NotFound => "ResourceNotFoundException",
        FunctionOutcome.EventTooLarge => "RequestTooLargeException",
        FunctionOutcome.Throttled => "TooManyRequestsException",
        _ => "ServiceException",
    };

    /// <summary>The status that goes with an outcome; 502 where nothing that the API knows has happened.</summary>
    public static int StatusOf(FunctionOutcome outcome) => outcome switch
    {
        FunctionOutcome.Ok or FunctionOutcome.FunctionError => 200,
        FunctionOutcome.BadEvent => 400,
        FunctionOutcome.AccessDenied => 403,
        FunctionOutcome.NotFound => 404,
        FunctionOutcome.EventTooLarge => 413,
        FunctionOutcome.Throttled => 429,
        FunctionOutcome.ServiceFailed => 500,
        FunctionOutcome.TimedOut => 504,
        _ => 502,
    };

    /// <summary>The name without namespace (<c>com.amazonaws.lambda#Name</c>) and address (<c>Name:http://...</c>).</summary>
    public static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> errorType)
    {
        int colon = errorType.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? errorType : errorType[..colon];
        return name[(name.LastIndexOf((byte)'#') + 1)..].Trim((byte)' ');
    }

    // Only where the status alone would say something else.
    private static readonly (byte[] Name, int Status, FunctionOutcome Outcome)[] s_names =
    [
        ("NoPublishedVersionException"u8.ToArray(), 400, FunctionOutcome.ServiceFailed),
        ("RecursiveInvocationException"u8.ToArray(), 400, FunctionOutcome.ServiceFailed),
        ("SnapStartException"u8.ToArray(), 400, FunctionOutcome.ServiceFailed),
        ("EFSMountFailureException"u8.ToArray(), 403, FunctionOutcome.ServiceFailed),
        ("S3FilesMountFailureException"u8.ToArray(), 403, FunctionOutcome.ServiceFailed),
        ("AccessDeniedException"u8.ToArray(), 403, FunctionOutcome.AccessDenied),
        ("MissingAuthenticationTokenException"u8.ToArray(), 403, FunctionOutcome.AccessDenied),
        ("IncompleteSignatureException"u8.ToArray(), 403, FunctionOutcome.AccessDenied),
        ("InvalidSignatureException"u8.ToArray(), 403, FunctionOutcome.AccessDenied),
        ("SignatureDoesNotMatch"u8.ToArray(), 403, FunctionOutcome.AccessDenied),
        ("UnrecognizedClientException"u8.ToArray(), 403, FunctionOutcome.AccessDenied),
        ("InvalidClientTokenId"u8.ToArray(), 403, FunctionOutcome.AccessDenied),
        ("ExpiredTokenException"u8.ToArray(), 403, FunctionOutcome.AccessDenied),
        ("ResourceNotFoundException"u8.ToArray(), 404, FunctionOutcome.NotFound),
        ("TooManyRequestsException"u8.ToArray(), 429, FunctionOutcome.Throttled),
        ("ThrottlingException"u8.ToArray(), 429, FunctionOutcome.Throttled),
        ("RequestTooLargeException"u8.ToArray(), 413, FunctionOutcome.EventTooLarge),
        ("SerializedRequestEntityTooLargeException"u8.ToArray(), 413, FunctionOutcome.EventTooLarge),
        ("InvalidRequestContentException"u8.ToArray(), 400, FunctionOutcome.BadEvent),
        ("InvalidParameterValueException"u8.ToArray(), 400, FunctionOutcome.BadEvent),
    ];
}
