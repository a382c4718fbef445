using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeProxy.Scenarios.Tests.Harness;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Packaging;

/// <summary>The image that <c>deploy/container/image.sh</c> writes, and its content running where there is nothing else.</summary>
public sealed class ContainerImageTests : IAsyncLifetime
{
    private readonly Temporary _files = new();
    private string _image = "";

    public async Task InitializeAsync()
    {
        _image = _files.PathOf("image.tar");
        CommandResult made = await MakeAsync(_image);
        Assert.True(made.Status == 0, made.ToString());
        Directory.CreateDirectory(_files.PathOf("layout"));
        await TarFile.ExtractToDirectoryAsync(_image, _files.PathOf("layout"), overwriteFiles: true);
    }

    public Task DisposeAsync()
    {
        _files.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void Every_blob_has_the_digest_and_size_by_which_it_is_named()
    {
        JsonElement index = Read(_files.PathOf("layout/index.json"));
        JsonElement manifest = Blob(index.GetProperty("manifests")[0]);
        Blob(manifest.GetProperty("config"));
        foreach (JsonElement layer in manifest.GetProperty("layers").EnumerateArray()) Verify(layer);
    }

    [Fact]
    public void Runs_as_nobody_with_a_health_check_of_its_own()
    {
        JsonElement manifest = Blob(Read(_files.PathOf("layout/index.json")).GetProperty("manifests")[0]);
        JsonElement config = Blob(manifest.GetProperty("config")).GetProperty("config");
        Assert.Equal("65532:65532", config.GetProperty("User").GetString());
        Assert.Equal("/edgeproxy", config.GetProperty("Entrypoint")[0].GetString());
        Assert.Equal(
            ["CMD", "/edgeproxy", "health"],
            config.GetProperty("Healthcheck").GetProperty("Test").EnumerateArray().Select(word => word.GetString()));
    }

    [Fact]
    public void Has_the_files_it_says_and_the_layer_it_says()
    {
        JsonElement manifest = Blob(Read(_files.PathOf("layout/index.json")).GetProperty("manifests")[0]);
        JsonElement config = Blob(manifest.GetProperty("config"));
        using var bytes = new MemoryStream();
        using (var unzip = new GZipStream(File.OpenRead(Verify(manifest.GetProperty("layers")[0])), CompressionMode.Decompress)) unzip.CopyTo(bytes);
        Assert.Equal(
            config.GetProperty("rootfs").GetProperty("diff_ids")[0].GetString(),
            "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())));

        bytes.Position = 0;
        using var tar = new TarReader(bytes);
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name.TrimEnd('/'));
            Assert.Equal(entry.Name.StartsWith("var/lib/edgeproxy", StringComparison.Ordinal) ? 65532 : 0, entry.Uid);
        }

        Assert.Equal(["edgeproxy", "etc", "etc/edgeproxy", "etc/group", "etc/passwd", "tmp", "var", "var/lib", "var/lib/edgeproxy"], names);
    }

    [Fact]
    public async Task The_same_binary_gives_the_same_image()
    {
        string again = _files.PathOf("again.tar");
        Assert.Equal(0, (await MakeAsync(again)).Status);
        Assert.Equal(SHA256.HashData(File.ReadAllBytes(_image)), SHA256.HashData(File.ReadAllBytes(again)));
    }

    [Fact]
    public async Task Its_content_serves_in_an_empty_root_as_an_unprivileged_user()
    {
        JsonElement manifest = Blob(Read(_files.PathOf("layout/index.json")).GetProperty("manifests")[0]);
        string root = Directory.CreateDirectory(_files.PathOf("root")).FullName;
        Assert.Equal(0, (await Command.RunAsync("tar", "-xzpf", Verify(manifest.GetProperty("layers")[0]), "-C", root)).Status);
        File.WriteAllText(Path.Combine(root, "etc/edgeproxy/api.json"), Api.ProxyTo(1).ToString());
        File.WriteAllText(Path.Combine(root, "etc/edgeproxy/edgeproxy.yaml"), "apis:\n  - file: api.json\n    basePath: /\n");
        // Whoever may not enter the folders above cannot be given a root below them.
        File.SetUnixFileMode(_files.Folder, (UnixFileMode)0b111_101_101);

        await using Node jailed = Node.LaunchWith(
            [
                "chroot", "--userspec=65532:65532", "--groups=", root,
                "/edgeproxy", "run", "-c", "/etc/edgeproxy/edgeproxy.yaml", "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0",
            ],
            new Temporary());
        await jailed.UntilListeningAsync();
        Assert.Contains("Uid:\t65532\t65532", File.ReadAllText($"/proc/{jailed.ProcessId}/status"), StringComparison.Ordinal);
        Assert.Equal(200, (await jailed.GetAsync("/mock")).Status);

        CommandResult health = await Command.RunAsync(
            "chroot", "--userspec=65532:65532", "--groups=", root, "/edgeproxy", "health", "--admin", $"http://127.0.0.1:{jailed.AdminPort}");
        Assert.True(health.Status == 0, health.ToString());
    }

    private static Task<CommandResult> MakeAsync(string path) => Command.RunAsync(
        "bash", [Repository.PathOf("deploy/container/image.sh"), path], input: null,
        new Dictionary<string, string> { ["EDGEPROXY_BINARY"] = EdgeProxyBinary.Path });

    private static JsonElement Read(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;

    private JsonElement Blob(JsonElement descriptor) => Read(Verify(descriptor));

    private string Verify(JsonElement descriptor)
    {
        string digest = descriptor.GetProperty("digest").GetString()!;
        string path = _files.PathOf("layout/blobs/" + digest.Replace(':', '/'));
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(digest, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes)));
        Assert.Equal(descriptor.GetProperty("size").GetInt64(), bytes.LongLength);
        return path;
    }
}
