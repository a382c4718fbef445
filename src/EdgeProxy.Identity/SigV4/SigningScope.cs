using System.Text;

namespace EdgeProxy.Identity.SigV4;

/// <summary>Credentials for one region and service, with the key of the day at hand.</summary>
/// <remarks>Any thread: two that find a new day at once make the same key twice, and either will do.</remarks>
public sealed class SigningScope
{
    private readonly byte[] _region;
    private readonly byte[] _service;
    private DayKey? _today;

    /// <param name="credentials">Whose signature.</param>
    /// <param name="region">Such as <c>eu-west-1</c>.</param>
    /// <param name="service">The signing name, such as <c>lambda</c>.</param>
    public SigningScope(AwsCredentials credentials, string region, string service)
    {
        Credentials = credentials;
        _region = Encoding.UTF8.GetBytes(region);
        _service = Encoding.UTF8.GetBytes(service);
        AccessKeyId = Encoding.UTF8.GetBytes(credentials.AccessKeyId);
        SessionToken = Encoding.UTF8.GetBytes(credentials.SessionToken ?? "");
        Tail = Encoding.UTF8.GetBytes($"/{region}/{service}/aws4_request");
    }

    public AwsCredentials Credentials { get; }

    /// <summary>The key's id, as bytes.</summary>
    public ReadOnlyMemory<byte> AccessKeyId { get; }

    /// <summary>The session token, as bytes; empty for none.</summary>
    public ReadOnlyMemory<byte> SessionToken { get; }

    /// <summary>What follows the day in the scope: <c>/region/service/aws4_request</c>.</summary>
    public ReadOnlyMemory<byte> Tail { get; }

    /// <summary>The key of a day; made once a day.</summary>
    /// <param name="day"><c>yyyyMMdd</c>.</param>
    public ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> day)
    {
        DayKey? today = Volatile.Read(ref _today);
        if (today is null || !day.SequenceEqual(today.Day))
        {
            today = new DayKey(day.ToArray(), SigningKey.Derive(Credentials.SecretAccessKey, day, _region, _service));
            Volatile.Write(ref _today, today);
        }

        return today.Key;
    }

    private sealed record DayKey(byte[] Day, byte[] Key);
}
