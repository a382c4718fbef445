using System.Security.Cryptography;
using System.Text;

namespace EdgeProxy.Identity.SigV4;

/// <summary>The key of one day, region and service, made of the secret by four rounds (specification security.md 3.3).</summary>
public static class SigningKey
{
    /// <summary>Bytes of a key, and of a signature.</summary>
    public const int Length = 32;

    /// <summary>Makes the key.</summary>
    /// <param name="secret">The secret access key.</param>
    /// <param name="day"><c>yyyyMMdd</c>.</param>
    /// <param name="region">Such as <c>eu-west-1</c>.</param>
    /// <param name="service">The signing name, such as <c>lambda</c>.</param>
    public static byte[] Derive(string secret, ReadOnlySpan<byte> day, ReadOnlySpan<byte> region, ReadOnlySpan<byte> service)
    {
        byte[] first = Encoding.UTF8.GetBytes("AWS4" + secret);
        byte[] key = new byte[Length];
        HMACSHA256.HashData(first, day, key);
        CryptographicOperations.ZeroMemory(first);
        HMACSHA256.HashData(key, region, key);
        HMACSHA256.HashData(key, service, key);
        HMACSHA256.HashData(key, "aws4_request"u8, key);
        return key;
    }
}
