using System.Text;
using EdgeProxy.Commands;
using EdgeProxy.Settings;
using EdgeProxy.Tests.Process.Settings;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class AdminHeadTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Is_not_signed_where_nobody_has_a_key() =>
        Assert.Equal("POST /flush?api=a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Write("", "POST"));

    [Theory]
    [InlineData("GET", "READER")]
    [InlineData("POST", "OPERATOR")]
    public void Is_signed_with_the_least_of_the_nodes_keys_that_will_do(string method, string key)
    {
        const string Keys = """
            admin:
              credentials:
                - { accessKeyId: OPERATOR, secretAccessKey: the-secret-of-the-operator }
                - { accessKeyId: READER, secretAccessKey: the-secret-of-the-reader, rights: read }
            """;
        string head = Write(Keys, method, ("AWS_ACCESS_KEY_ID", "OTHER"), ("AWS_SECRET_ACCESS_KEY", "another"));
        Assert.Contains($"\r\nAuthorization: AWS4-HMAC-SHA256 Credential={key}/20261122/us-east-1/apigateway/aws4_request, SignedHeaders=host;x-amz-date, Signature=", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Amz-Date: 20261122T120000Z\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", head, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_signed_with_what_AWS_tools_would_sign_with_where_the_settings_have_no_key()
    {
        string head = Write("", "GET", ("AWS_ACCESS_KEY_ID", "OTHER"), ("AWS_SECRET_ACCESS_KEY", "another"), ("AWS_SESSION_TOKEN", "token"));
        Assert.Contains("Credential=OTHER/20261122/", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Amz-Security-Token: token\r\n", head, StringComparison.Ordinal);
        Assert.Contains("SignedHeaders=host;x-amz-date;x-amz-security-token,", head, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_is_counted_and_signed()
    {
        const string Keys = "admin: {credentials: [{accessKeyId: OPERATOR, secretAccessKey: the-secret-of-the-operator}]}";
        using var fixture = new SettingsFixture();
        NodeSettings settings = fixture.Read(Keys);
        string one = Encoding.ASCII.GetString(AdminHead.Write(settings, static _ => null, "POST", "/a", s_now, "{}"u8));
        string other = Encoding.ASCII.GetString(AdminHead.Write(settings, static _ => null, "POST", "/a", s_now, "[]"u8));
        Assert.Contains("\r\nContent-Length: 2\r\n", one, StringComparison.Ordinal);
        Assert.NotEqual(one, other);
    }

    private static string Write(string yaml, string method, params (string Name, string Value)[] environment)
    {
        using var fixture = new SettingsFixture();
        NodeSettings settings = fixture.Read(yaml.Length == 0 ? null : yaml);
        return Encoding.ASCII.GetString(AdminHead.Write(settings, name => Array.Find(environment, pair => pair.Name == name).Value, method, "/flush?api=a", s_now));
    }
}
