using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.Definitions;

namespace EdgeProxy.Tests.Process.Control;

public sealed class CertificateFolderTests : IDisposable
{
    private static readonly Origin s_origin = new("edgeproxy.yaml", "/tls/certificatesFolder", 3, 5);

    private readonly string _folder = Directory.CreateTempSubdirectory("edgeproxy-certificates-").FullName;
    private readonly ProblemList _problems = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Finds_pairs_by_name_and_folders_as_certbot_and_kubernetes_lay_them()
    {
        Write("a.crt", "a.key", "a.ocsp", "b.pem", "b.key", "both.pem", "README", ".hidden.crt", "..data/tls.crt");
        Write("c/fullchain.pem", "c/privkey.pem", "c/cert.pem", "c/chain.pem", "d/tls.crt", "d/tls.key", "d/ocsp.der", "empty/cert.pem");
        string[] found = [.. CertificateFolder.Find(_folder, s_origin, _problems)
            .Select(certificate => string.Join(' ', new[] { certificate.Certificate, certificate.Key, certificate.Ocsp }.OfType<string>().Select(path => Path.GetRelativePath(_folder, path))))];
        Assert.Equal(["a.crt a.key a.ocsp", "b.pem b.key", "both.pem both.pem", "c/fullchain.pem c/privkey.pem", "d/tls.crt d/tls.key d/ocsp.der"], found);
        Assert.Empty(_problems);
        Assert.Equal(["", "c", "d", "empty"], CertificateFolder.FoldersOf(_folder).Select(path => Path.GetRelativePath(_folder, path) is "." ? "" : Path.GetRelativePath(_folder, path)).Order());
    }

    [Fact]
    public void A_certificate_or_a_key_alone_is_a_problem_at_the_setting()
    {
        Write("a.crt", "b.key");
        Assert.Empty(CertificateFolder.Find(_folder, s_origin, _problems));
        Assert.Equal(2, _problems.Count);
        Assert.All(_problems, problem => Assert.Equal(s_origin, problem.Origin));
        Assert.Contains($"{_folder}/a.crt has no key", _problems[0].Message, StringComparison.Ordinal);
        Assert.Contains($"{_folder}/b.key has no certificate", _problems[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_a_problem_and_is_watched_all_the_same()
    {
        string missing = Path.Combine(_folder, "missing");
        Assert.Empty(CertificateFolder.Find(missing, s_origin, _problems));
        Assert.Equal(ProblemCode.UnreadableFile, Assert.Single(_problems).Code);
        Assert.Equal([missing], CertificateFolder.FoldersOf(missing));
    }

    private void Write(params string[] files)
    {
        foreach (string file in files)
        {
            string path = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
    }
}
