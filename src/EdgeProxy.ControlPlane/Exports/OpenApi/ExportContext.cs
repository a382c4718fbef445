using System.Globalization;
using System.Text;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Exports.OpenApi;

/// <summary>What every part of an export needs: the definition, and in which form it is asked for.</summary>
internal sealed class ExportContext(ApiDefinition api, OpenApiExportOptions options)
{
    public ApiDefinition Api => api;

    public OpenApiExportOptions Options => options;

    public bool IsSwagger => options.Form == OpenApiExportForm.Swagger20;

    public bool IsHttp => api.Kind == ApiKind.Http;

    /// <summary>Whether the document is to import to the same API.</summary>
    public bool HasExtensions => (options.Extensions & OpenApiExtensions.All) == OpenApiExtensions.All;

    /// <summary>Whether it says of security schemes what they are to API Gateway.</summary>
    public bool HasAuthorizers => (options.Extensions & OpenApiExtensions.Authorizers) != 0;

    /// <summary>JSON of a definition as a value; an empty object for text that is no JSON.</summary>
    public static WireValue Json(string text) =>
        WireValue.TryParse(Encoding.UTF8.GetBytes(text), DocumentLimits.Depth, out WireValue? value) ? value : WireValue.NewObject();

    /// <summary>A status as documents have it; null for none.</summary>
    public static string? Text(int? status) => status?.ToString(CultureInfo.InvariantCulture);

    /// <summary>A map of names to values, in which of those that come twice the first counts.</summary>
    public static WireValue Map<T>(IReadOnlyList<T> items, Func<T, string> name, Func<T, string> text)
        where T : class
    {
        WireValue map = WireValue.NewObject();
        foreach (T item in items)
        {
            if (map[name(item)] is null) map[name(item)] = WireValue.Of(text(item));
        }

        return map;
    }
}
