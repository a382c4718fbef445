using System.Text;
using EdgeProxy.ControlPlane.Exports.Models;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Templates that write what a model describes (control-plane.md 3.8).</summary>
internal static class ModelTemplateOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetModelTemplate", "GET /restapis/{restapi_id}/models/{model_name}/default_template", 200, "", Get) { IsSlow = true },
    ];

    private static Reply Get(Call call)
    {
        if (RestLookup.MissingApi(call) is { } unknown) return unknown;
        string scope = RestLookup.ScopeOf(call);
        string name = call.Path("model_name");
        return call.Book.Find(scope, Kinds.Model, name) is { } model
            ? Reply.Of(Template(model.Open(), other => call.Book.Find(scope, Kinds.Model, other)))
            : Reply.NotFound($"Invalid model name specified: {name}");
    }

    /// <summary>The answer for a model's record.</summary>
    /// <param name="model">The model.</param>
    /// <param name="find">The record of another by its name.</param>
    internal static WireValue Template(WireValue model, Func<string, Record?> find) => WireValue.NewObject().Set("value", ModelTemplate.Write(SchemaOf(model), name => find(name) is { } other ? SchemaOf(other.Open()) : null));

    private static WireValue SchemaOf(WireValue model) =>
        WireValue.TryParse(Encoding.UTF8.GetBytes(model.TextOf("schema") ?? ""), out WireValue? schema) ? schema : WireValue.NewObject();
}
