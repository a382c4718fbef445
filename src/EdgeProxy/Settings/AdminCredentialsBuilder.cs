using EdgeProxy.Admin;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Identity.SigV4;

namespace EdgeProxy.Settings;

/// <summary>Makes the keys of the admin listener.</summary>
internal static class AdminCredentialsBuilder
{
    // Short enough to be guessed is no secret; those of AWS have forty characters.
    private const int ShortestSecret = 16;

    public static List<AdminCredential> Build(SettingValues values, ProblemList problems)
    {
        var credentials = new List<AdminCredential>();
        foreach (string at in values.ItemsOf("admin.credentials"))
        {
            if (values.TextOrNull(at + ".accessKeyId") is not { } id || values.TextOrNull(at + ".secretAccessKey") is not { } secret) continue; // told of already
            if (id.Length is 0 or > 128 || id.AsSpan().ContainsAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"))
            {
                problems.Error(ProblemCode.BadFormat, values.OriginOf(at + ".accessKeyId"), $"\"{at}.accessKeyId\" has to be 1 to 128 letters, digits, - and _.");
            }
            else if (credentials.Exists(other => other.Credentials.AccessKeyId == id))
            {
                problems.Error(ProblemCode.NotAllowed, values.OriginOf(at + ".accessKeyId"), $"\"{at}.accessKeyId\" is {id}, as that of another. Remove one of them.");
            }
            else if (secret.Length < ShortestSecret)
            {
                problems.Error(ProblemCode.OutOfRange, values.OriginOf(at + ".secretAccessKey"), $"\"{at}.secretAccessKey\" has to have {ShortestSecret} characters at least; take random ones.");
            }
            else
            {
                AdminRight rights = values.Text(at + ".rights") == "read" ? AdminRight.Read : AdminRight.Full;
                credentials.Add(new AdminCredential(new AwsCredentials(id, secret, values.TextOrNull(at + ".sessionToken")), rights));
            }
        }

        return credentials;
    }
}
