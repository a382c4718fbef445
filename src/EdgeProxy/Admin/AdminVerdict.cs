namespace EdgeProxy.Admin;

/// <summary>Whether a request to the admin listener may go on.</summary>
/// <param name="Status">200 when it may; else what it is answered with.</param>
/// <param name="ErrorType">The value of <c>x-amzn-ErrorType</c>; empty for none.</param>
/// <param name="Message">What the caller is told.</param>
internal readonly record struct AdminVerdict(int Status, string ErrorType, string Message)
{
    public static AdminVerdict Allowed => new(200, "", "");

    /// <summary>The id of the key that the request was signed with; null when it was not signed.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>The setting whose limit the request met, be it allowed or not; null for none.</summary>
    public string? Limit { get; init; }

    /// <summary>Whether the key may read only.</summary>
    public bool IsReader { get; init; }

    public bool IsAllowed => Status == 200;
}
