namespace EdgeProxy.Gateway.Validation;

/// <summary>What holding a body against its model came to. The client hears the same of all refusals; metrics tell them apart.</summary>
internal enum BodyVerdict : byte
{
    Valid,

    /// <summary>The bytes are no JSON in UTF-8.</summary>
    Malformed,

    /// <summary>The model does not take it.</summary>
    Mismatch,

    /// <summary>A name that the model knows comes twice in one object, so that readers of JSON would not agree about its value.</summary>
    RepeatedName,

    /// <summary>It nests deeper than <c>validation.depth</c>.</summary>
    TooDeep,

    /// <summary>It took more than <c>validation.steps</c>.</summary>
    TooManySteps,

    /// <summary>A pattern that can run away did.</summary>
    PatternTimedOut,
}
