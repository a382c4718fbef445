using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

public sealed class Section9_ConnectionManagement
{
    [Theory]
    [InlineData("HTTP/1.1", "X: y", true)]
    [InlineData("HTTP/1.1", "Connection: keep-alive", true)]
    [InlineData("HTTP/1.1", "Connection: close", false)]
    [InlineData("HTTP/1.1", "Connection: Close", false)]
    [InlineData("HTTP/1.1", "connection: x, CLOSE ,y", false)]
    [InlineData("HTTP/1.1", "Connection: keep-alive\r\nConnection: close", false)]
    [InlineData("HTTP/1.1", "Connection: closed", true)]
    [InlineData("HTTP/1.1", "Connection: x close", true)]
    [InlineData("HTTP/1.1", "Connection: ,,close", false)]
    [InlineData("HTTP/1.0", "X: y", false)]
    [InlineData("HTTP/1.0", "Connection: Keep-Alive", true)]
    [InlineData("HTTP/1.0", "Connection: a,\tkeep-alive", true)]
    [InlineData("HTTP/1.0", "Connection: keep-alive, close", false)]
    [InlineData("HTTP/1.0", "Proxy-Connection: keep-alive", false)]
    public void Says_whether_the_connection_may_be_used_again(string version, string lines, bool keeps)
    {
        Assert.Equal(keeps, Heads.Accept($"GET / {version}\r\nHost: a\r\n{lines}\r\n\r\n").KeepAlive);
        Assert.Equal(keeps, Heads.AcceptResponse($"{version} 200 OK\r\nContent-Length: 0\r\n{lines}\r\n\r\n").KeepAlive);
    }

    [Theory]
    [InlineData("HTTP/1.1", "Connection: Upgrade\r\nUpgrade: websocket", true)]
    [InlineData("HTTP/1.1", "Upgrade: websocket\r\nConnection: keep-alive, upgrade", true)]
    [InlineData("HTTP/1.1", "Upgrade: websocket", false)]
    [InlineData("HTTP/1.1", "Connection: Upgrade", false)]
    [InlineData("HTTP/1.1", "Connection: upgraded\r\nUpgrade: websocket", false)]
    [InlineData("HTTP/1.0", "Connection: Upgrade\r\nUpgrade: websocket", false)]
    public void Wants_an_upgrade_only_when_the_field_is_there_and_named(string version, string lines, bool wants) =>
        Assert.Equal(wants, Heads.Accept($"GET / {version}\r\nHost: a\r\n{lines}\r\n\r\n").WantsUpgrade);
}
