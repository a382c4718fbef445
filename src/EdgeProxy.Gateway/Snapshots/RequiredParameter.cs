namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A parameter that a request must have, with a value that is not blank.</summary>
/// <param name="Source">Where it is found: a header, query parameter or path parameter. One that can never be there is an empty literal.</param>
/// <param name="Name">Its name, as the answer to a request without it says.</param>
internal sealed record RequiredParameter(ValueSource Source, Utf8Text Name);
