using EdgeProxy.Compiler.Passes;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using IntegrationKind = EdgeProxy.Definitions.IntegrationKind;
using MappingTarget = EdgeProxy.Gateway.Snapshots.MappingTarget;

namespace EdgeProxy.Tests.Compiler.Passes;

public sealed class BuildMappingsTests
{
    private readonly BuildMappings _mappings = new();

    [Fact]
    public void Puts_path_parameters_last()
    {
        ParameterMapping[] all = Run(["id"], ("integration.request.path.id", "method.request.path.id"), ("integration.request.header.X", "'x'"), ("integration.request.querystring.q", "context.stage"));
        Assert.Equal([MappingTarget.Header, MappingTarget.QueryString, MappingTarget.Path], all.Select(static mapping => mapping.Target));
        Assert.Equal(["X", "q", "id"], all.Select(static mapping => mapping.Name.ToString()));
    }

    [Fact]
    public void Shares_what_routes_map_alike()
    {
        ParameterMapping[] one = Run(["id"], ("integration.request.path.id", "method.request.path.id"), ("integration.request.header.X", "'x'"));
        ParameterMapping[] other = Run(["id", "more"], ("integration.request.header.X", "'x'"), ("integration.request.path.id", "method.request.path.id"));
        Assert.Same(one[0], other[0]);
        Assert.Same(one[1], other[1]);
    }

    [Fact]
    public void Knows_a_path_parameter_by_its_place_in_each_path()
    {
        Assert.Equal(0, PlaceOf(["id"]));
        Assert.Equal(1, PlaceOf(["shop", "id"]));
        Assert.Equal(0, PlaceOf(["id", "shop"]));

        // Nothing gives it a value where the path has no such placeholder, and elsewhere it still has one.
        ValueSource missing = Run(["shop"], ("integration.request.path.id", "method.request.path.id"))[0].Source;
        Assert.Equal((ValueSourceKind.Literal, ""), (missing.Kind, missing.Name.ToString()));
        Assert.Equal(1, PlaceOf(["shop", "id"]));
    }

    [Fact]
    public void Maps_the_headers_of_answers()
    {
        IntegrationResponseDefinition response = new()
        {
            StatusCode = 200,
            ResponseParameters = [new("method.response.header.A", "integration.response.header.B", null), new("method.response.header.C", "'c'", null)],
        };
        ParameterMapping[] all = _mappings.Run(response);
        Assert.Equal(["A", "C"], all.Select(static mapping => mapping.Name.ToString()));
        Assert.Equal([ValueSourceKind.IntegrationHeader, ValueSourceKind.Literal], all.Select(static mapping => mapping.Source.Kind));
        Assert.Same(all[0], _mappings.Run(response)[0]);
    }

    private int PlaceOf(string[] names) => Run(names, ("integration.request.path.id", "method.request.path.id"))[0].Source.PathParameter;

    private ParameterMapping[] Run(string[] names, params (string Target, string Source)[] mappings) => _mappings.Run(
        new IntegrationDefinition { Kind = IntegrationKind.HttpProxy, RequestParameters = [.. mappings.Select(static mapping => new ParameterMappingDefinition(mapping.Target, mapping.Source, null))] }, names);
}
