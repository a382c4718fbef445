using EdgeProxy.Admin;
using EdgeProxy.Identity.SigV4;

namespace EdgeProxy.Settings;

/// <summary>A key that requests to the admin listener may be signed with.</summary>
/// <param name="Credentials">The key.</param>
/// <param name="Rights">What it may do.</param>
internal sealed record AdminCredential(AwsCredentials Credentials, AdminRight Rights);
