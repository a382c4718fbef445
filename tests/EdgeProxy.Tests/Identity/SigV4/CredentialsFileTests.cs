using EdgeProxy.Identity.SigV4;

namespace EdgeProxy.Tests.Identity.SigV4;

public sealed class CredentialsFileTests
{
    private const string Text = """
        # comment
        aws_access_key_id = NOBODY

        [default]
        aws_access_key_id = AKIDDEFAULT
        aws_secret_access_key = abc/def+ghi=
        region = eu-west-1

        [ edge ]
        aws_access_key_id=AKIDEDGE
        ; comment
        aws_secret_access_key=s3cret
        aws_session_token = token==
        s3 =
          aws_access_key_id = NESTED

        [profile staging]
        aws_access_key_id = AKIDSTAGING
        aws_secret_access_key = x

        [half]
        aws_access_key_id = AKIDHALF
        [empty]
        aws_secret_access_key = x
        """;

    [Theory]
    [InlineData("default", "AKIDDEFAULT", "abc/def+ghi=", null)]
    [InlineData("edge", "AKIDEDGE", "s3cret", "token==")]
    [InlineData("staging", "AKIDSTAGING", "x", null)]
    public void Reads_a_profile(string profile, string keyId, string secret, string? token)
    {
        Assert.True(CredentialsFile.TryRead(Text, profile, out AwsCredentials? credentials, out string wrong), wrong);
        Assert.Equal(new AwsCredentials(keyId, secret, token), credentials);
    }

    [Theory]
    [InlineData("nobody", "it has no profile \"nobody\"")]
    [InlineData("half", "its profile \"half\" has no aws_secret_access_key")]
    [InlineData("empty", "its profile \"empty\" has no aws_access_key_id")]
    public void Says_what_a_profile_lacks(string profile, string expected)
    {
        Assert.False(CredentialsFile.TryRead(Text, profile, out _, out string wrong));
        Assert.Equal(expected, wrong);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[default")]
    [InlineData("[default]\n=\n= x\naws_access_key_id\n]")]
    public void Takes_nothing_from_a_file_that_is_none(string text) => Assert.False(CredentialsFile.TryRead(text, "default", out _, out _));

    [Fact]
    public void Keeps_secrets_out_of_the_text_of_credentials()
    {
        string text = new AwsCredentials("AKID", "s3cret", "t0ken").ToString();
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", text, StringComparison.Ordinal);
    }
}
