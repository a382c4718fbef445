using EdgeProxy.Compiler.Problems;
using EdgeProxy.Settings;

namespace EdgeProxy.Control;

/// <summary>Whatever runs by a configuration: takes a new one over as a whole, or not at all.</summary>
internal interface IConfigurationTarget
{
    /// <summary>Version of what is in force; 0 before the first.</summary>
    long Version { get; }

    /// <summary>APIs in force.</summary>
    int Apis { get; }

    /// <summary>Routes in force.</summary>
    int Routes { get; }

    /// <summary>Compiles, and puts the result in force if there is no error among the problems.</summary>
    bool TryApply(NodeSettings settings, ProblemList problems);
}
