using System.Diagnostics.CodeAnalysis;

namespace EdgeProxy.Identity.SigV4;

/// <summary>Reads the file that AWS tools share: profiles in brackets, names and values with an equal sign.</summary>
public static class CredentialsFile
{
    /// <summary>The longest file that is read, in bytes: what is larger is none of these.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>Finds a profile's credentials.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="profile">Such as <c>default</c>; in a <c>config</c> file it stands as <c>profile name</c>, which is taken as well.</param>
    /// <param name="credentials">What it says.</param>
    /// <param name="wrong">What is missing, when false. Never holds a secret.</param>
    public static bool TryRead(string text, string profile, [NotNullWhen(true)] out AwsCredentials? credentials, out string wrong)
    {
        credentials = null;
        string? keyId = null;
        string? secret = null;
        string? token = null;
        bool found = false;
        bool inProfile = false;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.Trim();
            if (line.IsEmpty || line[0] is '#' or ';') continue;
            if (line[0] == '[')
            {
                inProfile = IsHeaderOf(line, profile);
                found |= inProfile;
                continue;
            }

            // An indented line goes on with the value before it; no member that counts here has such a value.
            int equals = line.IndexOf('=');
            if (!inProfile || equals <= 0 || char.IsWhiteSpace(raw[0])) continue;
            string value = line[(equals + 1)..].Trim().ToString();
            switch (line[..equals].Trim())
            {
                case "aws_access_key_id":
                    keyId = value;
                    break;
                case "aws_secret_access_key":
                    secret = value;
                    break;
                case "aws_session_token":
                    token = value;
                    break;
            }
        }

        wrong = found switch
        {
            false => $"it has no profile \"{profile}\"",
            _ when string.IsNullOrEmpty(keyId) => $"its profile \"{profile}\" has no aws_access_key_id",
            _ when string.IsNullOrEmpty(secret) => $"its profile \"{profile}\" has no aws_secret_access_key",
            _ => "",
        };
        if (wrong.Length > 0) return false;
        credentials = new AwsCredentials(keyId!, secret!, string.IsNullOrEmpty(token) ? null : token);
        return true;
    }

    private static bool IsHeaderOf(ReadOnlySpan<char> line, string profile)
    {
        int end = line.IndexOf(']');
        if (end < 0) return false;
        ReadOnlySpan<char> name = line[1..end].Trim();
        const string Prefix = "profile ";
        return name.SequenceEqual(profile) || (name.StartsWith(Prefix) && name[Prefix.Length..].Trim().SequenceEqual(profile));
    }
}
