using EdgeProxy.ControlPlane.Deployments;

namespace EdgeProxy.Tests.ControlPlane.Deployments;

public sealed class ReadDomainTests
{
    /// <remarks>RFC 8089, 2: with an empty authority, with that of this machine, and with none.</remarks>
    [Theory]
    [InlineData("file:///etc/clients.pem", "/etc/clients.pem")]
    [InlineData("file:/etc/clients.pem", "/etc/clients.pem")]
    [InlineData("file://localhost/etc/clients.pem", "/etc/clients.pem")]
    [InlineData("file:///etc/my%20clients%C3%A9.pem", "/etc/my clientsé.pem")]
    [InlineData("file:clients.pem", null)]
    [InlineData("file://clients.pem", null)]
    [InlineData("file://elsewhere/etc/clients.pem", null)]
    [InlineData("file:", null)]
    [InlineData("file:/", null)]
    [InlineData("file:/a%00b", null)]
    [InlineData("FILE:/etc/clients.pem", null)]
    [InlineData("s3://bucket/clients.pem", null)]
    public void A_file_of_this_machine_is_named_by_its_absolute_path(string uri, string? path) => Assert.Equal(path, ReadDomain.FileOrNull(uri));
}
