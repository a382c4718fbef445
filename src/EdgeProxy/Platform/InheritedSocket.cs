namespace EdgeProxy.Platform;

/// <summary>A listening socket that the service manager opened for us.</summary>
/// <param name="Descriptor">3 and up.</param>
/// <param name="Name"><c>FileDescriptorName=</c> of the socket unit; empty when there is none.</param>
internal readonly record struct InheritedSocket(int Descriptor, string Name);
