using EdgeProxy.Gateway.Operations.Explanations;

namespace EdgeProxy.Tests.Gateway.Operations.Explanations;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("Authorization", "Bearer abcdefghij", "***********efghij")]
    [InlineData("authorization", "short", "*****")]
    [InlineData("X-API-Key", "1234567", "*234567")]
    [InlineData("Cookie", "a=b", "***")]
    [InlineData("X-Other", "Bearer abcdefghij", "Bearer abcdefghij")]
    public void Hides_all_but_the_last_six_characters_of_fields_that_hold_secrets(string name, string value, string told) =>
        Assert.Equal(told, new SecretMask(Request()).Field(name, value));

    [Fact]
    public void Hides_parameters_of_targets_by_their_names_however_these_are_coded()
    {
        var mask = new SecretMask(Request());
        Assert.Equal("/a?x=1&X-Amz-Signature=****cdefgh&acc%65ss_token=**&y", mask.Target("/a?x=1&X-Amz-Signature=abcdefghgh".Replace("abcdefghgh", "abcdcdefgh", StringComparison.Ordinal) + "&acc%65ss_token=ab&y"));
        Assert.Equal("/token=abcdefgh", mask.Target("/token=abcdefgh"));
    }

    [Fact]
    public void Hides_what_came_as_a_secret_wherever_it_turns_up()
    {
        var mask = new SecretMask(Request("/?token=q%2Bvalue1&n=2", ("Authorization", "Bearer tok-123456789"), ("Cookie", "session=s3cr3t-session; theme=dark")));
        Assert.Equal("""{"t":"*******456789","s":"********ession","q":"**value1"}""", mask.Text("""{"t":"tok-123456789","s":"s3cr3t-session","q":"q+value1"}"""));
        Assert.Equal("a Bearer of news", mask.Text("a Bearer of news"));
    }

    [Fact]
    public void Hides_what_an_answer_brings_as_well()
    {
        var mask = new SecretMask(Request() with { Answer = new ExplainAnswer { Headers = [new("Set-Cookie", "id=abcdefgh12; Path=/; HttpOnly")] } });
        Assert.Equal("****efgh12", mask.Text("abcdefgh12"));
        Assert.Equal("Path=/ HttpOnly", mask.Text("Path=/ HttpOnly"));
    }

    [Fact]
    public void Shows_all_when_it_is_asked_to()
    {
        var mask = new SecretMask(Request("/?token=abcdefgh", ("Authorization", "Bearer tok-123456789")) with { ShowsSecrets = true });
        Assert.Equal("Bearer tok-123456789", mask.Field("Authorization", "Bearer tok-123456789"));
        Assert.Equal("/?token=abcdefgh", mask.Target("/?token=abcdefgh"));
        Assert.Equal("tok-123456789", mask.Text("tok-123456789"));
    }

    private static ExplainRequest Request(string target = "/", params (string Name, string Value)[] headers) =>
        new() { Method = "GET", Target = target, Headers = [.. headers.Select(static field => KeyValuePair.Create(field.Name, field.Value))] };
}
