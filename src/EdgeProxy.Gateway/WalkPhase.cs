namespace EdgeProxy.Gateway;

/// <summary>The phases of a walk, in order.</summary>
internal enum WalkPhase : byte
{
    CheckTarget,
    SelectHost,
    SelectRoute,
    CheckApiKey,
    Throttle,
    ValidateParameters,
    ReceiveBody,
    DecodeBody,
    ValidateBody,
    LookUpCache,
    AwaitFetch,
    TakeSlot,
    MapRequest,
    Integrate,
    Revalidate,
    ReceiveAnswer,
    MapResponse,
    ValidateResponse,
    StoreAnswer,
    EncodeAnswer,
    Respond,
}
