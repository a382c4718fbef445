using System.Security.Cryptography;
using System.Text;

namespace EdgeProxy.Identity.SigV4;

/// <summary>A key that callers may sign with, and what was derived of it lately.</summary>
/// <remarks>Any thread: two that need the same key at once derive it twice, and either will do.</remarks>
public sealed class AccessKey
{
    // Yesterday's, today's, and those of callers who believe in another region.
    private const int MostDerived = 8;

    private readonly byte[] _token;
    private Derived[] _derived = [];

    /// <param name="credentials">The key.</param>
    /// <param name="expiration">When temporary ones end; null for never.</param>
    public AccessKey(AwsCredentials credentials, DateTimeOffset? expiration = null)
    {
        Credentials = credentials;
        Expiration = expiration;
        _token = SHA256.HashData(Encoding.UTF8.GetBytes(credentials.SessionToken ?? ""));
    }

    public AwsCredentials Credentials { get; }

    public DateTimeOffset? Expiration { get; }

    /// <summary>Whether a caller has the session token that belongs to the key, empty for none. Takes as long for a wrong one as for the right one.</summary>
    public bool HasToken(ReadOnlySpan<byte> token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token, hash);
        return CryptographicOperations.FixedTimeEquals(hash, _token);
    }

    /// <summary>The signing key of a day, region and service.</summary>
    internal ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> day, ReadOnlySpan<byte> region, ReadOnlySpan<byte> service)
    {
        Derived[] all = Volatile.Read(ref _derived);
        foreach (Derived known in all)
        {
            if (day.SequenceEqual(known.Day) && region.SequenceEqual(known.Region) && service.SequenceEqual(known.Service)) return known.Key;
        }

        var made = new Derived(day.ToArray(), region.ToArray(), service.ToArray(), SigningKey.Derive(Credentials.SecretAccessKey, day, region, service));
        Volatile.Write(ref _derived, [made, .. all.Length < MostDerived ? all : all[..(MostDerived - 1)]]);
        return made.Key;
    }

    private sealed record Derived(byte[] Day, byte[] Region, byte[] Service, byte[] Key);
}
