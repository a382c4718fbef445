using System.IO.Hashing;
using System.Text;

namespace EdgeProxy.ControlPlane.Imports;

/// <summary>Makes the id of an API that comes from a file.</summary>
public static class ApiIdentifier
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Letters and digits of an id.</summary>
    public const int Length = 10;

    /// <summary>An id that is the same on every node and after every restart, as long as title and file name stay.</summary>
    /// <param name="title">OpenAPI <c>info.title</c>.</param>
    /// <param name="fileName">The file; its folder does not count, so that nodes may keep it in different places.</param>
    public static string Derive(string title, string fileName)
    {
        // Spread out, not secret: the operator writes both names. A cryptographic hash would load libcrypto, which a static binary cannot.
        byte[] names = Encoding.UTF8.GetBytes($"{title}\n{Path.GetFileName(fileName)}");
        Span<byte> hash = stackalloc byte[32];
        XxHash128.Hash(names, hash);
        XxHash128.Hash(names, hash[16..], seed: 1);
        return string.Create(Length, hash, static (id, source) =>
        {
            for (int i = 0; i < id.Length; i++) id[i] = Alphabet[((source[2 * i] << 8) | source[(2 * i) + 1]) % Alphabet.Length];
        });
    }

    /// <summary>True for ten characters of <c>[a-z0-9]</c>.</summary>
    public static bool IsValid(string id) => id.Length == Length && id.AsSpan().IndexOfAnyExcept(Alphabet) < 0;
}
