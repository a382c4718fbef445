using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Settings;

/// <summary>The functions that integrations may call, and where each of them runs.</summary>
internal sealed record LambdaSettings
{
    /// <summary>Region of functions that are called by a bare name.</summary>
    public required string Region { get; init; }

    /// <summary>Account of functions that are called by a bare name: twelve digits.</summary>
    public required string Account { get; init; }

    public required FunctionLimits Limits { get; init; }

    /// <summary>The Node.js executable, for functions of that runtime.</summary>
    public required string NodeCommand { get; init; }

    /// <summary>The Python executable, for functions of that runtime.</summary>
    public required string PythonCommand { get; init; }

    /// <summary>In the order written.</summary>
    public required IReadOnlyList<FunctionSettings> Functions { get; init; }
}
