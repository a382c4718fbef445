using System.Text;
using System.Text.Json;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Identity.SigV4;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Identity.SigV4;

public sealed class SignatureTests
{
    public static TheoryData<string> Cases => SigningSuite.Cases;

    [SigningSuiteTheory]
    [MemberData(nameof(Cases))]
    public void Signs_in_a_header_as_the_suite_does(string name)
    {
        using JsonDocument context = JsonDocument.Parse(SigningSuite.Read(name, "context.json"));
        SigningScope scope = SigningSuite.ScopeOf(context.RootElement);
        byte[] date = SigningSuite.DateOf(context.RootElement);
        var request = new SigningSuite.Request(SigningSuite.Read(name, "request.txt"));
        request.Fields.Add(("X-Amz-Date", Encoding.ASCII.GetString(date)));
        if (context.RootElement.GetProperty("sign_body").GetBoolean()) request.Fields.Add(("x-amz-content-sha256", HashOf(request.Body)));
        bool isTokenLeftOut = context.RootElement.TryGetProperty("omit_session_token", out JsonElement omit) && omit.GetBoolean();
        if (!scope.SessionToken.IsEmpty && !isTokenLeftOut) request.Fields.Add(("X-Amz-Security-Token", Encoding.ASCII.GetString(scope.SessionToken.Span)));

        CanonicalRequest canonical = request.Canonical(context.RootElement, static _ => true, request.Query);
        Assert.Equal(SigningSuite.Read(name, "header-canonical-request.txt").ReplaceLineEndings("\n"), Encoding.UTF8.GetString(canonical.Text));
        Assert.Equal(SigningSuite.Read(name, "header-string-to-sign.txt").ReplaceLineEndings("\n"), StringToSign(canonical, scope, date));
        Assert.Equal(SigningSuite.Read(name, "header-signature.txt").Trim(), SignatureOf(canonical, scope, date));
        Assert.Contains($"Authorization:{Authorization(canonical, scope, date)}\n", SigningSuite.Read(name, "header-signed-request.txt").ReplaceLineEndings("\n") + "\n", StringComparison.Ordinal);
    }

    // What the other end does: the form is made of the request as it came, with the signature in it.
    [SigningSuiteTheory]
    [MemberData(nameof(Cases))]
    public void Finds_the_signature_of_a_presigned_request_of_the_suite(string name)
    {
        using JsonDocument context = JsonDocument.Parse(SigningSuite.Read(name, "context.json"));
        SigningScope scope = SigningSuite.ScopeOf(context.RootElement);
        var request = new SigningSuite.Request(SigningSuite.Read(name, "query-signed-request.txt"));
        Dictionary<string, string> parameters = request.Query.Split('&').Select(static pair => pair.Split('=', 2)).Where(static pair => pair[0].StartsWith("X-Amz-", StringComparison.Ordinal))
            .ToDictionary(static pair => pair[0], static pair => Uri.UnescapeDataString(pair[1]));
        string[] signed = parameters["X-Amz-SignedHeaders"].Split(';');

        // Where the token was put in after signing, it is no part of the form.
        bool isTokenLeftOut = context.RootElement.TryGetProperty("omit_session_token", out JsonElement omit) && omit.GetBoolean();
        string query = string.Join('&', request.Query.Split('&').Where(pair => !isTokenLeftOut || !pair.StartsWith("X-Amz-Security-Token=", StringComparison.Ordinal)));
        CanonicalRequest canonical = request.Canonical(context.RootElement, field => signed.Contains(field, StringComparer.OrdinalIgnoreCase), query);
        Assert.Equal(SigningSuite.Read(name, "query-canonical-request.txt").ReplaceLineEndings("\n"), Encoding.UTF8.GetString(canonical.Text));
        Assert.Equal(parameters["X-Amz-Signature"], SignatureOf(canonical, scope, Encoding.ASCII.GetBytes(parameters["X-Amz-Date"])));
        Assert.Equal(SigningSuite.Read(name, "query-signature.txt").Trim(), parameters["X-Amz-Signature"]);
    }

    // The documentation's own example, so that something holds where the suite is not.
    [Fact]
    public void Signs_a_request_without_query_or_body()
    {
        var scope = new SigningScope(new AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), "us-east-1", "service");
        CanonicalRequest canonical = Vanilla(new CanonicalRequest());
        Assert.Equal("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", SignatureOf(canonical, scope, "20150830T123600Z"u8));
    }

    [Fact]
    public void Makes_another_key_when_the_day_changes()
    {
        var scope = new SigningScope(new AwsCredentials("AKIDEXAMPLE", "secret"), "us-east-1", "lambda");
        byte[] first = scope.KeyOf("20150830"u8).ToArray();
        Assert.False(scope.KeyOf("20150831"u8).SequenceEqual(first));
        Assert.True(scope.KeyOf("20150830"u8).SequenceEqual(first));
    }

    [Fact]
    public void Says_that_there_is_no_room_for_the_header()
    {
        var scope = new SigningScope(new AwsCredentials("AKIDEXAMPLE", "secret"), "us-east-1", "lambda");
        var writer = new ByteWriter(new byte[100]);
        Signature.WriteAuthorization(ref writer, Vanilla(new CanonicalRequest()), scope, "20150830T123600Z"u8);
        Assert.True(writer.Overflowed);
    }

    [ReleaseFact]
    public void Allocates_nothing_once_the_key_of_the_day_is_there()
    {
        var scope = new SigningScope(new AwsCredentials("AKIDEXAMPLE", "secret", "token"), "us-east-1", "lambda");
        var canonical = new CanonicalRequest();
        byte[] room = new byte[1024];
        byte[] body = new byte[10_000];
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 200; i++) Sign();
        }));

        void Sign()
        {
            Span<byte> date = stackalloc byte[AmzDate.Length];
            Span<byte> hash = stackalloc byte[Signature.HexLength];
            AmzDate.Write(DateTimeOffset.UnixEpoch, date);
            canonical.Begin("POST"u8, "/2015-03-31/functions/f/invocations"u8, "Qualifier=live&A=1"u8, CanonicalPath.Normalized);
            canonical.AddHeader("Host"u8, "lambda.eu-west-1.amazonaws.com"u8);
            canonical.AddHeader("X-Amz-Date"u8, date);
            canonical.AddHeader("X-Amz-Security-Token"u8, scope.SessionToken.Span);
            Signature.WriteHash(body, hash);
            canonical.End(hash);
            var writer = new ByteWriter(room);
            Signature.WriteAuthorization(ref writer, canonical, scope, date);
        }
    }

    private static CanonicalRequest Vanilla(CanonicalRequest canonical)
    {
        canonical.Begin("GET"u8, "/"u8, ""u8, CanonicalPath.Normalized);
        canonical.AddHeader("Host"u8, "example.amazonaws.com"u8);
        canonical.AddHeader("X-Amz-Date"u8, "20150830T123600Z"u8);
        canonical.End(Encoding.ASCII.GetBytes(HashOf("")));
        return canonical;
    }

    private static string HashOf(string text)
    {
        byte[] hex = new byte[Signature.HexLength];
        Signature.WriteHash(Encoding.UTF8.GetBytes(text), hex);
        return Encoding.ASCII.GetString(hex);
    }

    private static string SignatureOf(CanonicalRequest request, SigningScope scope, ReadOnlySpan<byte> date)
    {
        Span<byte> signature = stackalloc byte[SigningKey.Length];
        Signature.Compute(request, scope, date, signature);
        return Convert.ToHexStringLower(signature);
    }

    private static string StringToSign(CanonicalRequest request, SigningScope scope, ReadOnlySpan<byte> date)
    {
        var writer = new ByteWriter(new byte[1024]);
        Signature.WriteStringToSign(ref writer, request, scope, date);
        return Encoding.UTF8.GetString(writer.Written);
    }

    private static string Authorization(CanonicalRequest request, SigningScope scope, ReadOnlySpan<byte> date)
    {
        var writer = new ByteWriter(new byte[2048]);
        Signature.WriteAuthorization(ref writer, request, scope, date);
        return Encoding.UTF8.GetString(writer.Written);
    }
}
