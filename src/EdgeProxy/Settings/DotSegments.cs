namespace EdgeProxy.Settings;

/// <summary>Setting <c>paths.dotSegments</c>.</summary>
internal enum DotSegments
{
    /// <summary>400.</summary>
    Reject,

    /// <summary>Removed as RFC 3986, 5.2.4 says, before routing.</summary>
    Resolve,

    /// <summary>Left as they are.</summary>
    Keep,
}
