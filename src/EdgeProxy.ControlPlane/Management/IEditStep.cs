using EdgeProxy.ControlPlane.Records;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>Something that follows from a change and is kept with it, for example a deployment that nobody has to ask for. Under the management API's lock.</summary>
public interface IEditStep
{
    /// <summary>Whether the change is kept without what this adds, where that cannot be served.</summary>
    /// <param name="options">What is said of the node.</param>
    bool IsOptional(ManagementOptions options) => false;

    /// <summary>Adds what follows, after the call that made the change has run.</summary>
    /// <param name="edit">The change; reading it shows what is there with it.</param>
    /// <param name="now">The time of the call.</param>
    /// <param name="options">What is said of the node.</param>
    /// <returns>The setting whose limit was met; null for none.</returns>
    string? Run(BookEdit edit, DateTimeOffset now, ManagementOptions options);
}
