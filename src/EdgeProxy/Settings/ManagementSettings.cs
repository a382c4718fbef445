using EdgeProxy.ControlPlane.Management;

namespace EdgeProxy.Settings;

/// <summary>The management APIs: <c>management.*</c>.</summary>
/// <param name="Body">Most bytes of a request.</param>
/// <param name="Options">What they are told of the node.</param>
internal sealed record ManagementSettings(int Body, ManagementOptions Options);
