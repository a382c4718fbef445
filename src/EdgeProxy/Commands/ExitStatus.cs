namespace EdgeProxy.Commands;

/// <summary>How the process ends.</summary>
internal static class ExitStatus
{
    public const int Ok = 0;

    /// <summary>The configuration is fine, the world is not: a port is taken, a node does not answer.</summary>
    public const int Failed = 1;

    public const int WrongUsage = 2;

    /// <summary>Trying again without a change will not help.</summary>
    public const int InvalidConfiguration = 3;
}
