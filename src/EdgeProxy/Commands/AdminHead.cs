using System.Globalization;
using System.Text;
using EdgeProxy.Admin;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Identity.SigV4;
using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>The head of a request to a node's admin listener, signed where the node asks for that (decision 0046).</summary>
internal static class AdminHead
{
    /// <summary>What asks for secrets, at the end of a target; it takes full rights.</summary>
    public const string SecretsQuery = "?secrets=true";

    private const string Host = "localhost";

    // Where the settings have no key because the node has none of its own, or this is another machine's, the variables of AWS tools count.
    private const string KeyIdVariable = "AWS_ACCESS_KEY_ID";
    private const string SecretVariable = "AWS_SECRET_ACCESS_KEY";
    private const string TokenVariable = "AWS_SESSION_TOKEN";

    /// <summary>Writes the head of a request.</summary>
    /// <param name="settings">The node's, with its keys.</param>
    /// <param name="environment">Finds a variable; null when it is not set.</param>
    /// <param name="method">Upper case.</param>
    /// <param name="target">Path and query, coded.</param>
    /// <param name="now">The time.</param>
    /// <param name="body">What follows the head.</param>
    public static byte[] Write(NodeSettings settings, Func<string, string?> environment, string method, string target, DateTimeOffset now, ReadOnlySpan<byte> body = default)
    {
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: {Host}\r\n");
        if (method != "GET") head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        bool onlyReads = method == "GET" && !target.EndsWith(SecretsQuery, StringComparison.Ordinal);
        if (CredentialsOrNull(settings, environment, onlyReads ? AdminRight.Read : AdminRight.Full) is { } credentials) Sign(head, credentials, method, target, now, body);
        return Encoding.ASCII.GetBytes(head.Append("Connection: close\r\n\r\n").ToString());
    }

    // The key with the least right that will do.
    private static AwsCredentials? CredentialsOrNull(NodeSettings settings, Func<string, string?> environment, AdminRight right)
    {
        AdminCredential? found = null;
        foreach (AdminCredential credential in settings.AdminCredentials)
        {
            if (credential.Rights >= right && (found is null || credential.Rights < found.Rights)) found = credential;
        }

        if (found is not null) return found.Credentials;
        return environment(KeyIdVariable) is { Length: > 0 } id && environment(SecretVariable) is { Length: > 0 } secret ? new AwsCredentials(id, secret, environment(TokenVariable)) : null;
    }

    private static void Sign(StringBuilder head, AwsCredentials credentials, string method, string target, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        byte[] date = new byte[AmzDate.Length];
        AmzDate.Write(now, date);
        byte[] hash = new byte[Signature.HexLength];
        Signature.WriteHash(body, hash);
        var canonical = new CanonicalRequest();
        canonical.Begin(Encoding.ASCII.GetBytes(method), Encoding.ASCII.GetBytes(target), CanonicalPath.Normalized);
        canonical.AddHeader("host"u8, Encoding.ASCII.GetBytes(Host));
        canonical.AddHeader("x-amz-date"u8, date);
        if (credentials.SessionToken is { } token)
        {
            canonical.AddHeader("x-amz-security-token"u8, Encoding.ASCII.GetBytes(token));
            head.Append($"X-Amz-Security-Token: {token}\r\n");
        }

        canonical.End(hash);
        var authorization = new ByteWriter(new byte[1024]);
        Signature.WriteAuthorization(ref authorization, canonical, new SigningScope(credentials, "us-east-1", "apigateway"), date);
        head.Append($"X-Amz-Date: {Encoding.ASCII.GetString(date)}\r\nAuthorization: {Encoding.ASCII.GetString(authorization.Written)}\r\n");
    }
}
