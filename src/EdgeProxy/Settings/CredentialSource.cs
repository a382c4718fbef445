namespace EdgeProxy.Settings;

/// <summary>A place where credentials are.</summary>
internal enum CredentialSource
{
    /// <summary>The environment's <c>AWS_ACCESS_KEY_ID</c>, else the shared file.</summary>
    Automatic,

    /// <summary><c>AWS_ACCESS_KEY_ID</c>, <c>AWS_SECRET_ACCESS_KEY</c>, <c>AWS_SESSION_TOKEN</c>.</summary>
    Environment,

    /// <summary>A shared credentials file.</summary>
    File,

    /// <summary>Environment variables of other names.</summary>
    Variables,

    /// <summary>Nowhere: requests are not signed.</summary>
    None,
}
