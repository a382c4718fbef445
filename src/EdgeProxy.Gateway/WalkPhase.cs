namespace EdgeProxy.Gateway;

/// <summary>The phases of a walk, in order.</summary>
internal enum WalkPhase : byte
{
    CheckTarget,
    SelectHost,
    SelectRoute,
    Throttle,
    ValidateParameters,
    ReceiveBody,
    DecodeBody,
    ValidateBody,
    MapRequest,
    Integrate,
    ReceiveAnswer,
    MapResponse,
    ValidateResponse,
    EncodeAnswer,
    Respond,
}
