namespace EdgeProxy.Definitions;

/// <summary>How callers of a method prove that they may.</summary>
public enum AuthorizationKind
{
    /// <summary>Everyone may.</summary>
    None,

    /// <summary>Signature Version 4.</summary>
    AwsIam,

    /// <summary>A Lambda authorizer.</summary>
    Custom,

    /// <summary>A token of a Cognito user pool.</summary>
    CognitoUserPools,

    /// <summary>A JSON web token.</summary>
    Jwt,
}
