using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class RequestValidatorOperationsTests
{
    private readonly RestApiHarness _api = new();

    [Fact]
    public void Validates_nothing_unless_told()
    {
        WireValue validator = _api.Do($"POST {_api.Path}/requestvalidators", """{"name":"v"}""");
        Assert.Matches("^[a-z0-9]{6}$", validator.TextOf("id"));
        Assert.Equal($$"""{"id":"{{validator.TextOf("id")}}","name":"v","validateRequestBody":false,"validateRequestParameters":false}""", validator.ToString());
    }

    [Fact]
    public void Stays_while_a_method_uses_it()
    {
        string id = _api.Do($"POST {_api.Path}/requestvalidators", """{"name":"v","validateRequestBody":true}""").TextOf("id")!;
        _api.Do("PATCH " + _api.Method, RestApiHarness.Patch("replace", "/requestValidatorId", id));
        Assert.Equal("409 ConflictException: Cannot delete Request Validator 'v', is referenced in method: GET//pets", _api.Fail($"DELETE {_api.Path}/requestvalidators/{id}"));
        _api.Do("PATCH " + _api.Method, RestApiHarness.Patch("replace", "/requestValidatorId", ""));
        _api.Do($"DELETE {_api.Path}/requestvalidators/{id}");
        Assert.StartsWith("404", _api.Fail($"GET {_api.Path}/requestvalidators/{id}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Has_a_name_that_is_not_blank()
    {
        Assert.Equal("400 BadRequestException: Request Validator name cannot be blank", _api.Fail($"POST {_api.Path}/requestvalidators", """{"name":""}"""));
        string id = _api.Do($"POST {_api.Path}/requestvalidators", """{"name":"v"}""").TextOf("id")!;
        Assert.Equal("400 BadRequestException: Request Validator name cannot be blank", _api.Fail($"PATCH {_api.Path}/requestvalidators/{id}", RestApiHarness.Patch("replace", "/name", "")));
    }
}
