using System.IO.Compression;
using EdgeProxy.ControlPlane.Exports.Sdk;

namespace EdgeProxy.Tests.ControlPlane.Exports.Sdk;

public sealed class ZipWriterTests
{
    [Fact]
    public void Writes_what_another_reader_unpacks()
    {
        var zip = new ZipWriter(new DateTimeOffset(2026, 11, 23, 4, 5, 6, TimeSpan.Zero));
        (string Name, string Text)[] files = [("a/empty.txt", ""), ("a/caf\u00e9.js", "let x = '\u00fc';\n"), ("large.bin", new string('x', 100_000))];
        foreach ((string name, string text) in files) zip.Add(name, text);
        using var archive = new ZipArchive(new MemoryStream(zip.ToArray()));
        Assert.Equal(files.Select(file => file.Name), archive.Entries.Select(entry => entry.FullName));
        Assert.Equal(files.Select(file => file.Text), archive.Entries.Select(TextOf));
        Assert.All(archive.Entries, entry => Assert.Equal(new DateTime(2026, 11, 23, 4, 5, 6), entry.LastWriteTime.DateTime));
        Assert.All(archive.Entries, entry => Assert.Equal(unchecked((int)0x81A40000), entry.ExternalAttributes));
    }

    private static string TextOf(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
