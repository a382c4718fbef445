using EdgeProxy.ControlPlane.Records;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Templates that write what a model of a WebSocket API describes (control-plane.md 3.8).</summary>
internal static class ModelTemplateOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetModelTemplate", "GET /v2/apis/{apiId}/models/{modelId}/template", 200, "", Get) { IsSlow = true },
    ];

    private static Reply Get(Call call) => ModelOperations.Kind.TryFind(call, out ChildRecord? model, out Reply? fault)
        ? Reply.Of(V1.ModelTemplateOperations.Template(model.Value, name => ModelOperations.Kind.WithText(call.Book, model.Api, "name", name)))
        : fault;
}
