namespace EdgeProxy.Admin;

/// <summary>What a key of the admin listener may do (setting <c>admin.credentials[].rights</c>).</summary>
internal enum AdminRight : byte
{
    /// <summary>What changes nothing.</summary>
    Read,

    /// <summary>Everything.</summary>
    Full,
}
