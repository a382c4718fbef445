namespace EdgeProxy.Templates;

/// <summary>Why a template was stopped; a request that meets one is answered 500.</summary>
public enum TemplateFault : byte
{
    None,
    TooManySteps,
    OutputTooLarge,
    TooMuchMemory,
    TooManyItems,
    NestedTooDeeply,
    CallsTooDeep,
    InvalidJson,
    InvalidJsonPath,
    InvalidBase64,
    InvalidUrlCode,
    InvalidPattern,
    PatternTooCostly,
    InvalidNumber,
    InvalidFormat,
    IndexOutOfRange,
    NoSuchElement,
    InvalidEvaluated,
}
