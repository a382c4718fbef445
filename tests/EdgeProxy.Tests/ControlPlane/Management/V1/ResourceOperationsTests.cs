using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class ResourceOperationsTests
{
    private readonly ManagementHarness _harness = new();
    private readonly string _api;
    private readonly string _root;

    public ResourceOperationsTests()
    {
        WireValue api = _harness.Do("POST /restapis", """{"name":"pets"}""");
        _api = $"/restapis/{api.TextOf("id")}";
        _root = api.TextOf("rootResourceId")!;
    }

    [Fact]
    public void A_resource_knows_its_path_and_its_parent()
    {
        string pets = Add(_root, "pets");
        WireValue pet = _harness.Do($"GET {_api}/resources/{Add(pets, "{petId}")}");
        Assert.Equal("/pets/{petId}", pet.TextOf("path"));
        Assert.Equal("{petId}", pet.TextOf("pathPart"));
        Assert.Equal(pets, pet.TextOf("parentId"));
        Assert.Null(pet["resourceMethods"]);
    }

    [Fact]
    public void Methods_are_shown_as_names_unless_they_are_asked_for()
    {
        _harness.Do($"PUT {_api}/resources/{_root}/methods/GET", """{"authorizationType":"NONE"}""");
        _harness.Do($"PUT {_api}/resources/{_root}/methods/POST", """{"authorizationType":"AWS_IAM","authorizerId":"dropped"}""");
        Assert.Equal("""{"GET":{},"POST":{}}""", _harness.Do($"GET {_api}/resources/{_root}")["resourceMethods"]!.ToString());
        WireValue shown = _harness.Do($"GET {_api}/resources?embed=methods")["item"]!.Items[0]["resourceMethods"]!;
        Assert.Equal("""{"httpMethod":"GET","authorizationType":"NONE","apiKeyRequired":false}""", shown["GET"]!.ToString());
        Assert.Equal("""{"httpMethod":"POST","authorizationType":"AWS_IAM","apiKeyRequired":false}""", shown["POST"]!.ToString());
    }

    [Fact]
    public void What_stands_below_a_resource_goes_with_it_and_its_like_stays()
    {
        string pets = Add(_root, "pets");
        string pet = Add(pets, "{petId}");
        Add(_root, "petshop");
        _harness.Do($"PUT {_api}/resources/{pet}/methods/GET", """{"authorizationType":"NONE"}""");
        _harness.Do($"DELETE {_api}/resources/{pets}");
        Assert.Equal(["/", "/petshop"], Paths());
        Assert.Empty(_harness.Book.ScopeOrNull(Scopes.RestApi(_api["/restapis/".Length..]))!.All(Kinds.Method));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("{a")]
    [InlineData("{}")]
    [InlineData("x{a}")]
    [InlineData("é")]
    public void Refuses_a_part_that_is_neither_a_word_nor_a_variable(string part) =>
        Assert.Equal(
            "400 BadRequestException: Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
            _harness.Fail($"POST {_api}/resources/{_root}", WireValue.NewObject().Set("pathPart", part).ToString()));

    private string Add(string parent, string part) => _harness.Do($"POST {_api}/resources/{parent}", WireValue.NewObject().Set("pathPart", part).ToString()).TextOf("id")!;

    private List<string> Paths()
    {
        List<string> paths = _harness.Do($"GET {_api}/resources")["item"]!.Items.ConvertAll(static item => item.TextOf("path")!);
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }
}
