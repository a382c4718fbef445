using EdgeProxy.Compiler.Problems;
using EdgeProxy.Identity.SigV4;
using EdgeProxy.Settings;

namespace EdgeProxy.Control;

/// <summary>Finds the credentials that settings tell of: in the environment, or in the file that AWS tools share.</summary>
/// <remarks>What is wrong is told by names of variables, files and profiles, never by what stands in them.</remarks>
internal static class CredentialLoader
{
    /// <summary>Loads credentials; null when there are none, which then stands among the problems.</summary>
    /// <param name="settings">Where they are.</param>
    /// <param name="owner">What needs them, for messages.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="problems">Gets what is wrong: an error where a place was named and holds none, a warning where none was found.</param>
    public static AwsCredentials? LoadOrNull(CredentialSettings settings, string owner, IReadOnlyDictionary<string, string> environment, ProblemList problems)
    {
        switch (settings.Source)
        {
            case CredentialSource.None:
                return null;
            case CredentialSource.Variables:
                return OfVariables(settings.AccessKeyId!, settings.SecretAccessKey!, settings.SessionToken);
            case CredentialSource.Environment:
                return OfVariables("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");
            case CredentialSource.File:
                AwsCredentials? found = OfFile(out string missing);
                if (found is null) problems.Error(ProblemCode.NoCredentials, settings.Origin, $"{owner} has no credentials: {missing}. Correct the file, or name another place in credentials.");
                return found;
        }

        if (environment.GetValueOrDefault("AWS_ACCESS_KEY_ID", "").Length > 0) return OfVariables("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");
        AwsCredentials? shared = OfFile(out string wrong);
        if (shared is null)
        {
            problems.Warning(ProblemCode.NoCredentials, settings.Origin,
                $"{owner} has no credentials, so that its calls fail: AWS_ACCESS_KEY_ID is not set, and {wrong}. Set it, name a place in credentials, or write source: none for requests without a signature.");
        }

        return shared;

        AwsCredentials? OfVariables(string keyId, string secret, string? token)
        {
            string foundKeyId = environment.GetValueOrDefault(keyId, "");
            string foundSecret = environment.GetValueOrDefault(secret, "");
            if (foundKeyId.Length > 0 && foundSecret.Length > 0) return Checked(new AwsCredentials(foundKeyId, foundSecret, token is null ? null : NullIfEmpty(environment.GetValueOrDefault(token, ""))), $"the environment variable {keyId}");
            problems.Error(ProblemCode.NoCredentials, settings.Origin, $"{owner} has no credentials: the environment variable {(foundKeyId.Length == 0 ? keyId : secret)} is not set. Set it, or name another place in credentials.");
            return null;
        }

        AwsCredentials? OfFile(out string wrong)
        {
            if (FileOf(settings, environment) is not { } file)
            {
                wrong = "there is no home directory to look for .aws/credentials in";
                return null;
            }

            if (TextOrNull(file, out wrong) is not { } text) return null;
            if (CredentialsFile.TryRead(text, ProfileOf(settings, environment), out AwsCredentials? credentials, out string lacks)) return Checked(credentials, $"the file {file}");
            wrong = $"{lacks.Replace("its profile", $"the profile of {file}", StringComparison.Ordinal).Replace("it has", $"{file} has", StringComparison.Ordinal)}";
            return null;
        }

        // They become fields of requests.
        AwsCredentials? Checked(AwsCredentials credentials, string place)
        {
            if (credentials.AccessKeyId.Length <= 128 && credentials.AccessKeyId.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
                && (credentials.SessionToken ?? "").Length <= 8192 && (credentials.SessionToken ?? "").All(static c => c is > ' ' and < '\x7f'))
            {
                return credentials;
            }

            problems.Error(ProblemCode.NoCredentials, settings.Origin, $"{owner}: what {place} and its companions hold are no credentials. Correct them.");
            return null;
        }
    }

    /// <summary>The shared file that is looked at; null for none.</summary>
    public static string? FileOf(CredentialSettings settings, IReadOnlyDictionary<string, string> environment)
    {
        if (settings.Source is not (CredentialSource.File or CredentialSource.Automatic)) return null;
        if (settings.File is { } named) return named;
        if (environment.GetValueOrDefault("AWS_SHARED_CREDENTIALS_FILE") is { Length: > 0 } shared) return Path.GetFullPath(shared);
        return environment.GetValueOrDefault("HOME") is { Length: > 0 } home ? Path.GetFullPath(Path.Combine(home, ".aws", "credentials")) : null;
    }

    private static string ProfileOf(CredentialSettings settings, IReadOnlyDictionary<string, string> environment) =>
        settings.Profile ?? (environment.GetValueOrDefault("AWS_PROFILE") is { Length: > 0 } profile ? profile : "default");

    private static string? TextOrNull(string file, out string wrong)
    {
        wrong = "";
        try
        {
            if (new FileInfo(file).Length <= CredentialsFile.MaxLength) return File.ReadAllText(file);
            wrong = $"{file} is too large";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            wrong = exception is FileNotFoundException or DirectoryNotFoundException ? $"{file} does not exist" : $"{file} cannot be read";
        }

        return null;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
