using System.Security.Cryptography;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>Makes identifiers (control-plane.md 1.2).</summary>
public static class Ids
{
    /// <summary>Of REST APIs, resources, API keys and V1 VPC links, and of V2 APIs.</summary>
    public const int Long = 10;

    /// <summary>Of the rest.</summary>
    public const int Short = 6;

    /// <summary>The tag with which a client chooses the id of what it creates, as emulators of the service have it.</summary>
    public const string CustomIdTag = "_custom_id_";

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>An id of so many characters of <c>[a-z0-9]</c>, by chance.</summary>
    public static string New(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>An id that is not taken yet.</summary>
    public static string New(int length, Func<string, bool> isTaken)
    {
        while (true)
        {
            string id = New(length);
            if (!isTaken(id)) return id;
        }
    }
}
