using System.Text.RegularExpressions;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Architecture;

/// <summary>What a static binary must not touch (decision 0017).</summary>
/// <remarks>
/// A library that is loaded while the process runs brings a second C library into one that has its own linked in. The two share
/// thread-local storage and the process dies at the next allocation.
/// </remarks>
public sealed partial class SharedLibraryTests
{
    private static readonly string[] s_linked = ["libc", "libssl", "libcrypto", "libz", "libzstd", "libsqlite3"];

    // The runtime's own, which its build targets link in by themselves.
    private static readonly string[] s_runtime = ["libSystem.IO.Compression.Native"];

    [Fact]
    public void Every_native_import_is_of_a_library_that_is_linked_in()
    {
        string project = File.ReadAllText(Repository.PathOf("src/EdgeProxy/EdgeProxy.csproj"));
        Assert.All(s_linked, library => Assert.Contains($"<DirectPInvoke Include=\"{library}\" />", project, StringComparison.Ordinal));
        string[] others = [.. Sources().SelectMany(File.ReadLines)
            .Select(line => NativeImport().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value).Where(library => !s_linked.Contains(library) && !s_runtime.Contains(library)).Distinct()];
        Assert.Empty(others);
    }

    [Fact]
    public void No_source_loads_a_library_or_uses_a_second_implementation_of_tls()
    {
        string[] offenders = [.. Sources().Where(file => File.ReadLines(file)
            .Any(line => line.Contains("NativeLibrary.", StringComparison.Ordinal) || line.Contains("System.Net.Security", StringComparison.Ordinal)))];
        Assert.Empty(offenders);
    }

    /// <summary>They are cut out of the binary, where whatever is asked of them is true (decision 0062).</summary>
    [Fact]
    public void No_source_uses_the_platforms_regular_expressions()
    {
        string[] offenders = [.. Sources().Where(file => File.ReadLines(file).Any(line => line.Contains("System.Text.RegularExpressions", StringComparison.Ordinal)))];
        Assert.Empty(offenders);
    }

    /// <summary>The class library's cryptography reaches the OpenSSL that is linked in only because of this property.</summary>
    [Fact]
    public void The_class_library_is_linked_to_the_same_OpenSsl() =>
        Assert.Contains("<StaticOpenSslLinking>true</StaticOpenSslLinking>", File.ReadAllText(Repository.PathOf("src/EdgeProxy/EdgeProxy.csproj")), StringComparison.Ordinal);

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    [GeneratedRegex("(?:LibraryImport|DllImport)\\(\"([^\"]+)\"")]
    private static partial Regex NativeImport();
}
