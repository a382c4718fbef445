using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>The two models that every new REST API has (control-plane.md 1.6).</summary>
public static class DefaultModels
{
    public const string Empty = "Empty";
    public const string Error = "Error";

    private const string EmptySchema = "{\n  \"$schema\": \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Empty Schema\",\n  \"type\" : \"object\"\n}";
    private const string ErrorSchema =
        "{\n  \"$schema\" : \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Error Schema\",\n  \"type\" : \"object\",\n  \"properties\" : {\n    \"message\" : { \"type\" : \"string\" }\n  }\n}";

    /// <summary>Puts both into an API's scope.</summary>
    public static void Put(BookEdit book, string scope)
    {
        book.Put(scope, Kinds.Model, Empty, Model(Empty, "This is a default empty schema model", EmptySchema));
        book.Put(scope, Kinds.Model, Error, Model(Error, "This is a default error schema model", ErrorSchema));
    }

    private static WireValue Model(string name, string description, string schema) => WireValue.NewObject()
        .Set("id", Ids.New(Ids.Short)).Set("name", name).Set("description", description).Set("schema", schema).Set("contentType", "application/json");
}
