namespace EdgeProxy.Identity.SigV4;

/// <summary>What a caller signs with. The secret parts never appear in its text form, so that no log line or message can hold them.</summary>
/// <param name="AccessKeyId">Names the key; no secret.</param>
/// <param name="SecretAccessKey">Never leaves the process.</param>
/// <param name="SessionToken">Of temporary keys; null for long-term ones. It is sent, and yet as good as a password.</param>
public sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken = null)
{
    public override string ToString() => $"credentials of {AccessKeyId}";
}
