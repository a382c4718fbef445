using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeProxy.Identity.SigV4;

namespace EdgeProxy.Tests.Identity.SigV4;

public sealed class SignatureVerifierTests
{
    private static readonly DateTimeOffset s_now = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);
    private static readonly SignatureRules s_rules = new("service", "us-east-1", TimeSpan.FromMinutes(15));
    private static readonly AccessKeys s_keys = new([new AccessKey(new AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))]);

    private readonly SignatureVerifier _verifier = new();

    public static TheoryData<string> Cases => SigningSuite.Cases;

    [SigningSuiteTheory]
    [MemberData(nameof(Cases))]
    public void Accepts_what_the_suite_signed_in_a_header(string name) => Assert.Equal(default, Failure(Judge(name, "header-signed-request.txt", static _ => { })));

    [SigningSuiteTheory]
    [MemberData(nameof(Cases))]
    public void Accepts_what_the_suite_signed_in_the_query(string name) => Assert.Equal(default, Failure(Judge(name, "query-signed-request.txt", static _ => { })));

    [SigningSuiteTheory]
    [MemberData(nameof(Cases))]
    public void Refuses_what_the_suite_signed_with_any_byte_that_counts_changed(string name)
    {
        foreach (string file in (string[])["header-signed-request.txt", "query-signed-request.txt"])
        {
            SigningSuite.Request request = new(SigningSuite.Read(name, file));
            for (int i = 0; i < request.Body.Length; i++) Refuses(signed => signed.Body = Flip(signed.Body, i));
            for (int i = 0; i < request.Method.Length; i++) Refuses(signed => signed.Method = Flip(signed.Method, i));
            for (int i = 1; i < request.Path.Length; i++) Refuses(signed => signed.Path = Flip(signed.Path, i));
            for (int i = 0; i < request.Query.Length; i++) Refuses(signed => signed.Query = Flip(signed.Query, i));
            for (int field = 0; field < request.Fields.Count; field++)
            {
                (string fieldName, string value) = request.Fields[field];
                if (!IsCovered(fieldName)) continue;
                for (int i = 0; i < value.Length; i++)
                {
                    if (value[i] != ' ') Refuses(signed => signed.Fields[field] = (fieldName, Flip(value, i)));
                }
            }

            // A field may be unsigned, and the token as well where it was added afterwards: then it has to be the key's own all the same.
            bool IsCovered(string fieldName) => fieldName.Equals("authorization", StringComparison.OrdinalIgnoreCase) || fieldName.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)
                || SigningSuite.Read(name, file == "header-signed-request.txt" ? "header-canonical-request.txt" : "query-canonical-request.txt").Contains($"\n{fieldName.ToLowerInvariant()}:", StringComparison.Ordinal);

            void Refuses(Action<SigningSuite.Request> change)
            {
                SignatureVerdict verdict = Judge(name, file, change);
                if (!verdict.IsGood) return;

                // Some changes change nothing: two ways to write one canonical form.
                SigningSuite.Request changed = new(SigningSuite.Read(name, file));
                change(changed);
                Assert.Equal(CanonicalOf(name, file, static _ => { }), CanonicalOf(name, file, change));
            }
        }
    }

    [Theory]
    [InlineData(-15, 0, "")]
    [InlineData(15, 0, "")]
    [InlineData(15, 1, "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)")]
    [InlineData(-15, -1, "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T122059Z + 15 min.)")]
    public void Takes_clocks_that_are_off_by_a_quarter_of_an_hour(int minutes, int seconds, string message)
    {
        Assert.Equal(message, Judge(Vanilla(), s_now.AddMinutes(minutes).AddSeconds(seconds)).Message);
    }

    [Theory]
    [InlineData(null, SignatureFailure.Missing, "Missing Authentication Token")]
    [InlineData("Bearer x", SignatureFailure.Incomplete, "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'uTem/WB082UJMN2ajD6lH6UChGpTAddMJSx2iu923No='.")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c/d/e", SignatureFailure.Incomplete, "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.")]
    [InlineData("Credential=a/b/c/d/e, SignedHeaders=host, Signature=00", SignatureFailure.Incomplete, "Authorization header requires the algorithm 'AWS4-HMAC-SHA256'.")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=00", SignatureFailure.Incomplete, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=00", SignatureFailure.Incomplete, "The signature must be 64 hexadecimal digits.")]
    public void Says_what_a_header_lacks(string? authorization, SignatureFailure failure, string message)
    {
        SigningSuite.Request request = Vanilla();
        request.Fields.RemoveAll(static field => field.Name == "Authorization");
        if (authorization is not null) request.Fields.Add(("Authorization", authorization));
        SignatureVerdict verdict = Judge(request, s_now);
        Assert.Equal((failure, message), (verdict.Failure, verdict.Message));
    }

    [Theory]
    [InlineData("/20150830/", "/20150831/", "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150831' != '20150830', from '20150830T123600Z'.")]
    [InlineData("us-east-1", "us-west-1", "Credential should be scoped to a valid Region, not 'us-west-1'")]
    [InlineData("/service/", "/other/", "Credential should be scoped to correct service: 'service'.")]
    [InlineData("aws4_request", "aws5_request", "Credential should be scoped with a valid terminator: 'aws4_request'")]
    [InlineData("SignedHeaders=host;x-amz-date", "SignedHeaders=x-amz-date", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")]
    [InlineData("SignedHeaders=host;x-amz-date", "SignedHeaders=host", "'x-amz-date' must be a 'SignedHeader' in the AWS Authorization.")]
    [InlineData("AKIDEXAMPLE", "AKIDOTHER", "The security token included in the request is invalid.")]
    public void Says_what_is_wrong_before_it_needs_the_body(string from, string to, string message)
    {
        SigningSuite.Request request = Vanilla();
        int at = request.Fields.FindIndex(static field => field.Name == "Authorization");
        request.Fields[at] = ("Authorization", request.Fields[at].Value.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal(message, _verifier.Begin(request.Signed(), s_keys, s_rules, s_now, out _).Message);
    }

    [Fact]
    public void A_mismatch_shows_what_should_have_been_signed_and_can_be_told_not_to()
    {
        SigningSuite.Request request = Vanilla();
        request.Path = "/other";
        string message = Judge(request, s_now).Message;
        Assert.StartsWith("The request signature we calculated does not match the signature you provided.", message, StringComparison.Ordinal);
        Assert.Contains("\n\nThe Canonical String for this request should have been\n'GET\n/other\n\nhost:example.amazonaws.com\n", message, StringComparison.Ordinal);
        Assert.Contains("\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n", message, StringComparison.Ordinal);
        Assert.EndsWith("'\n", message, StringComparison.Ordinal);
        Assert.EndsWith("for details.", Judge(request, s_now, s_rules with { ExplainsMismatch = false }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_has_a_token_needs_it_and_ends_with_its_time()
    {
        AccessKeys keys = new([new AccessKey(new AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "token"), s_now)]);
        SigningSuite.Request request = Vanilla();
        Assert.Equal(SignatureFailure.UnknownKey, _verifier.Begin(request.Signed(), keys, s_rules, s_now.AddSeconds(-1), out _).Failure);
        request.Fields.Add(("X-Amz-Security-Token", "token"));
        Assert.True(_verifier.Begin(request.Signed(), keys, s_rules, s_now.AddSeconds(-1), out _).IsGood);
        Assert.Equal(SignatureFailure.KeyExpired, _verifier.Begin(request.Signed(), keys, s_rules, s_now, out _).Failure);
    }

    [Theory]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", true)]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", true)]
    [InlineData("UNSIGNED-PAYLOAD", false)]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", false)]
    public void A_declared_hash_of_the_body_has_to_be_true(string declared, bool good)
    {
        SigningSuite.Request request = Vanilla();
        request.Fields.Add(("X-Amz-Content-SHA256", declared));
        int at = request.Fields.FindIndex(static field => field.Name == "Authorization");
        request.Fields[at] = ("Authorization", request.Fields[at].Value.Replace("host;x-amz-date", "host;x-amz-content-sha256;x-amz-date", StringComparison.Ordinal));
        SignatureVerdict verdict = Judge(request, s_now);
        Assert.Equal(good ? "The request signature we calculated" : "The value of 'X-Amz-Content-SHA256' i"[..35], verdict.Message[..35]);
    }

    [Fact]
    public void Hostile_bytes_never_throw()
    {
        var random = new Random(5);
        for (int round = 0; round < 2000; round++)
        {
            SigningSuite.Request request = Vanilla();
            for (int field = 0; field < request.Fields.Count; field++)
            {
                if (random.Next(2) == 0) request.Fields[field] = (request.Fields[field].Name, Scramble(request.Fields[field].Value, random));
            }

            if (random.Next(3) == 0) request.Query = Scramble("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=%00%ff&X-Amz-Expires=99999999999&X-Amz-Date=1", random);
            Judge(request, s_now);
        }
    }

    private static SignatureFailure Failure(SignatureVerdict verdict)
    {
        Assert.Equal("", verdict.Message);
        return verdict.Failure;
    }

    private static string Flip(string text, int at) => string.Create(text.Length, (text, at), static (span, state) =>
    {
        state.text.CopyTo(span);
        span[state.at] ^= (char)1;
    });

    private static string Scramble(string text, Random random)
    {
        char[] letters = text.ToCharArray();
        for (int i = random.Next(4); i >= 0 && letters.Length > 0; i--) letters[random.Next(letters.Length)] = (char)random.Next(256);
        return new string(letters)[..random.Next(letters.Length + 1)];
    }

    // The documentation's own example.
    private static SigningSuite.Request Vanilla() => new(
        """
        GET / HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        Authorization:AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
        """);

    private SignatureVerdict Judge(SigningSuite.Request request, DateTimeOffset now, SignatureRules? rules = null)
    {
        SignatureVerdict begun = _verifier.Begin(request.Signed(), s_keys, rules ?? s_rules, now, out PendingSignature? pending);
        return begun.IsGood ? _verifier.End(pending!, request.Signed(), Encoding.UTF8.GetBytes(request.Body)) : begun;
    }

    private SignatureVerdict Judge(string name, string file, Action<SigningSuite.Request> change)
    {
        using JsonDocument context = JsonDocument.Parse(SigningSuite.Read(name, "context.json"));
        SigningSuite.Request request = new(SigningSuite.Read(name, file));
        change(request);
        AccessKeys keys = new([new AccessKey(SigningSuite.ScopeOf(context.RootElement).Credentials)]);
        SignatureRules rules = s_rules with { Path = context.RootElement.GetProperty("normalize").GetBoolean() ? CanonicalPath.Normalized : CanonicalPath.AsSent };
        DateTimeOffset now = context.RootElement.GetProperty("timestamp").GetDateTimeOffset();
        SignatureVerdict begun = _verifier.Begin(request.Signed(), keys, rules, now, out PendingSignature? pending);
        return begun.IsGood ? _verifier.End(pending!, request.Signed(), Encoding.UTF8.GetBytes(request.Body)) : begun;
    }

    // What a request comes to, for telling whether a change changes anything: the text of a mismatch with a signature of zeros.
    private string CanonicalOf(string name, string file, Action<SigningSuite.Request> change) => Judge(name, file, request =>
    {
        change(request);
        string zeros = new('0', 64);
        request.Query = System.Text.RegularExpressions.Regex.Replace(request.Query, "X-Amz-Signature=[0-9a-fA-F]{64}", $"X-Amz-Signature={zeros}");
        for (int i = 0; i < request.Fields.Count; i++)
        {
            request.Fields[i] = (request.Fields[i].Name, System.Text.RegularExpressions.Regex.Replace(request.Fields[i].Value, "Signature=[0-9a-fA-F]{64}", string.Create(CultureInfo.InvariantCulture, $"Signature={zeros}")));
        }
    }).Message;
}
