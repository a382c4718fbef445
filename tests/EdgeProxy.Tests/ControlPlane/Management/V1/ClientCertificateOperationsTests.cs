using System.Security.Cryptography.X509Certificates;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Tls;
using Record = EdgeProxy.ControlPlane.Records.Record;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class ClientCertificateOperationsTests
{
    private readonly ManagementHarness _harness = new(
        RecordBook.Of([(Scopes.RestApi("api0000001"), Kinds.Stage, new Record("prod", """{"stageName":"prod","clientCertificateId":"used01"}"""u8.ToArray()))]),
        static services => services with { NewClientCertificate = SelfSignedCertificate.CreateForClient });

    [Fact]
    public void Makes_a_certificate_of_a_year_with_the_key_that_belongs_to_it()
    {
        WireValue made = _harness.Do("POST /clientcertificates", """{"description":"d"}""");
        string id = made.TextOf("clientCertificateId")!;
        Assert.Equal(6, id.Length);
        Assert.Equal(365 * 86_400, made.NumberOf("expirationDate") - made.NumberOf("createdDate"));
        string key = _harness.Book.Find(Scopes.Account, Kinds.ClientCertificateKey, id)!.Open().TextOf("key")!;
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(made.TextOf("pemEncodedCertificate"), key);
        Assert.True(certificate.HasPrivateKey);
        Assert.Equal("CN=EdgeProxy client certificate", certificate.Subject);
        Assert.Equal(certificate.Subject, certificate.Issuer);
        X509EnhancedKeyUsageExtension use = Assert.Single(certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>());
        Assert.Equal("1.3.6.1.5.5.7.3.2", Assert.Single(use.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>()).Value);
    }

    [Fact]
    public void Never_shows_the_private_key()
    {
        string id = Make();
        _harness.Do($"PATCH /clientcertificates/{id}", """{"patchOperations":[{"op":"replace","path":"/description","value":"new"}]}""");
        foreach (string target in new[] { $"GET /clientcertificates/{id}", "GET /clientcertificates" })
        {
            string shown = _harness.Do(target).ToString();
            Assert.Contains("BEGIN CERTIFICATE", shown);
            Assert.Contains("\"description\":\"new\"", shown);
            Assert.DoesNotContain("PRIVATE", shown);
        }
    }

    [Fact]
    public void Deletes_the_key_with_the_certificate_unless_a_stage_shows_it()
    {
        string id = Make();
        Assert.Equal(202, _harness.Call($"DELETE /clientcertificates/{id}").Status);
        Assert.Null(_harness.Book.Find(Scopes.Account, Kinds.ClientCertificateKey, id));
        Assert.Equal("404 NotFoundException: Invalid Client Certificate identifier specified", _harness.Fail($"GET /clientcertificates/{id}"));
        Assert.Equal("404 NotFoundException: Invalid Client Certificate identifier specified", _harness.Fail($"DELETE /clientcertificates/{id}"));
        _harness.Do("POST /clientcertificates", """{"tags":{"_custom_id_":"used01"}}""");
        Assert.Equal("409 ConflictException: Cannot delete client certificate used01, it is used by the stage api0000001:prod", _harness.Fail("DELETE /clientcertificates/used01"));
    }

    [Fact]
    public void Refuses_other_patches_and_more_than_there_may_be()
    {
        string id = Make();
        Assert.Equal("400 BadRequestException: Invalid patch path /pemEncodedCertificate", _harness.Fail($"PATCH /clientcertificates/{id}", """{"patchOperations":[{"op":"replace","path":"/pemEncodedCertificate","value":"x"}]}"""));
        Assert.Equal("404 NotFoundException: Invalid Client Certificate identifier specified", _harness.Fail("PATCH /clientcertificates/none", "{}"));
        _harness.Api.Options = _harness.Api.Options with { Limits = _harness.Api.Options.Limits with { ClientCertificates = 1 } };
        Assert.Equal("429 LimitExceededException: Maximum number of Client Certificates has been reached: 1", _harness.Fail("POST /clientcertificates"));
    }

    private string Make() => _harness.Do("POST /clientcertificates", "{}").TextOf("clientCertificateId")!;
}
