namespace EdgeProxy.Definitions;

/// <summary>How an authorizer judges.</summary>
public enum AuthorizerKind
{
    /// <summary>A Lambda function that gets one token.</summary>
    Token,

    /// <summary>A Lambda function that gets the request.</summary>
    Request,

    /// <summary>Cognito user pools.</summary>
    CognitoUserPools,

    /// <summary>JSON web tokens of given issuers.</summary>
    Jwt,
}
