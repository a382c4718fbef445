using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Architecture;

/// <summary>
/// Keeps the table "who may know whom" of <c>src/README.md</c> true. The direction of each arrow is the design: hot code cannot
/// name a definition, plans stay between Gateway and Compiler, an engine runs without a request.
/// </summary>
/// <remarks>A new project fails here until it has a row; that is the moment to decide whom it may know.</remarks>
public sealed class ReferenceTableTests
{
    private static readonly string[] Engines = ["Templates", "Identity", "Waf"];
    private static readonly string[] BelowGateway = ["Core", "Telemetry", "Transport", "Http", .. Engines, "Lambda"];
    private static readonly string[] BelowCompiler = [.. BelowGateway, "Gateway", "Definitions"];

    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["EdgeProxy.Core"] = [],
        ["EdgeProxy.Definitions"] = [],
        ["EdgeProxy.Console"] = [],
        ["EdgeProxy.Generators"] = [],
        ["EdgeProxy.Telemetry"] = ["Core"],
        ["EdgeProxy.Transport"] = ["Core", "Telemetry"],
        ["EdgeProxy.Http"] = ["Core", "Telemetry", "Transport"],
        ["EdgeProxy.Templates"] = ["Core"],
        ["EdgeProxy.Identity"] = ["Core"],
        ["EdgeProxy.Waf"] = ["Core"],
        ["EdgeProxy.Lambda"] = ["Core", "Telemetry", "Http", "Identity"],
        ["EdgeProxy.Gateway"] = BelowGateway,
        ["EdgeProxy.Compiler"] = BelowCompiler,
        ["EdgeProxy.ControlPlane"] = ["Definitions", "Compiler", "Http", "Telemetry", "Identity", "Console", "Gateway"],
        ["EdgeProxy"] = [.. BelowCompiler, "Compiler", "ControlPlane", "Console"],
    };

    private static readonly string[] Observers =
    [
        "EdgeProxy.Tests", "EdgeProxy.Conformance.Tests", "EdgeProxy.Scenarios.Tests", "EdgeProxy.TestKit", "EdgeProxy.Fuzz", "EdgeProxy.Bootstrap", "EdgeProxy.Benchmarks", "EdgeProxy.Engines",
        "EdgeProxy.Load",
    ];

    private static readonly string[] TopLevel =
    [
        "src", "tests", "perf", "deploy",
        "EdgeProxy.sln", "Directory.Packages.props", "Directory.Build.props", "global.json", "README.md",
    ];

    [Fact]
    public void Every_product_project_has_a_row_and_references_only_what_the_row_allows()
    {
        foreach (ProjectFile project in ProjectFile.ReadAll("src"))
        {
            Assert.True(MayReference.TryGetValue(project.Name, out string[]? allowed), $"{project.Path} has no row in the reference table.");
            foreach (string reference in project.References)
            {
                Assert.True(
                    allowed.Any(name => reference == "EdgeProxy." + name),
                    $"{project.Path} references {reference}; it may reference only: {string.Join(", ", allowed)}.");
            }
        }
    }

    [Fact]
    public void A_product_project_lies_in_a_folder_of_its_own_name()
    {
        Assert.All(ProjectFile.ReadAll("src"), project => Assert.Equal($"src/{project.Name}/{project.Name}.csproj", project.Path));
    }

    [Fact]
    public void Only_the_compiler_and_the_composition_see_the_plans_of_the_gateway()
    {
        ProjectFile gateway = Assert.Single(ProjectFile.ReadAll("src"), project => project.Name == "EdgeProxy.Gateway");
        // Friends are named by assembly, and the binary is called edgeproxy.
        Assert.Empty(gateway.Friends.Except([.. Observers, "EdgeProxy.Compiler", "edgeproxy"]));
    }

    [Fact]
    public void No_definition_is_open_to_the_data_plane_by_friendship()
    {
        ProjectFile definitions = Assert.Single(ProjectFile.ReadAll("src"), project => project.Name == "EdgeProxy.Definitions");
        Assert.Empty(definitions.Friends.Except([.. Observers, "EdgeProxy.Compiler", "EdgeProxy.ControlPlane"]));
    }

    [Fact]
    public void Every_project_of_tests_and_perf_is_a_known_one()
    {
        string[] known = [.. Observers];
        foreach (ProjectFile project in ProjectFile.ReadAll("tests").Concat(ProjectFile.ReadAll("perf")))
        {
            Assert.True(known.Contains(project.Name), $"{project.Path} is not one of: {string.Join(", ", known)}.");
        }
    }

    [Fact]
    public void Scenarios_know_the_product_by_its_sockets_alone()
    {
        ProjectFile scenarios = Assert.Single(ProjectFile.ReadAll("tests"), project => project.Name == "EdgeProxy.Scenarios.Tests");
        Assert.Equal(["EdgeProxy.TestKit"], scenarios.References);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Repository.PathOf("EdgeProxy.sln")).Replace('\\', '/');
        foreach (string folder in (string[])["src", "tests", "perf"])
        {
            Assert.All(ProjectFile.ReadAll(folder), project => Assert.Contains($"\"{project.Path}\"", solution, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_root_of_the_repository_holds_nothing_new()
    {
        HashSet<string> ignored = [.. File.ReadLines(Repository.PathOf(".gitignore")).Select(line => line.Trim().TrimEnd('/'))];
        string[] unexpected =
        [
            .. Directory.EnumerateFileSystemEntries(Repository.Root)
                .Select(entry => Path.GetFileName(entry))
                .Where(name => !name.StartsWith('.') && !TopLevel.Contains(name) && !ignored.Contains(name)),
        ];
        Assert.Empty(unexpected);
    }
}
