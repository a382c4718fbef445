using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Architecture;

/// <summary>What a static binary must not touch.</summary>
/// <remarks>
/// The class library's cryptography loads libssl and libcrypto, and with them a second C library, into a process that has one linked in.
/// The two share thread-local storage and the process dies at the next allocation. To be dropped when OpenSSL is linked in.
/// </remarks>
public sealed class SharedLibraryTests
{
    [Fact]
    public void No_source_uses_the_cryptography_that_loads_OpenSsl()
    {
        string[] offenders = [.. Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Where(file => File.ReadLines(file).Any(line => line.Contains("System.Security.Cryptography", StringComparison.Ordinal) || line.Contains("System.Net.Security", StringComparison.Ordinal)))];
        Assert.Empty(offenders);
    }
}
