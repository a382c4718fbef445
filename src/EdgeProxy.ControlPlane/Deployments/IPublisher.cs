using System.Diagnostics.CodeAnalysis;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Records;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Turns records into what is served. Under the management API's lock.</summary>
public interface IPublisher
{
    /// <summary>Works out, before anything is kept, what a change means for what is served.</summary>
    /// <param name="edit">The change.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="publication">What to serve once the change is kept; null when nothing that is served changes.</param>
    /// <returns>False when it cannot be served: then the change must not be kept.</returns>
    bool TryPrepare(BookEdit edit, ProblemList problems, out IPublication? publication);
}
