using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Http.Client;

/// <summary>The end of a wait for a name's addresses.</summary>
/// <param name="Status">Ok when the answer is known, TimedOut when the waiter's deadline came first.</param>
/// <param name="Addresses">None when the name has none, or could not be looked up.</param>
public readonly record struct NameResult(IoStatus Status, IpAddress[] Addresses);
