namespace EdgeProxy.Commands;

/// <summary>What <c>edgeproxy vtl</c> does with a template.</summary>
internal enum VtlAction : byte
{
    /// <summary>Writes what it renders.</summary>
    Render,

    /// <summary>Writes each step that it takes, too.</summary>
    Trace,
}
