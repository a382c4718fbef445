using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Writes a mapping's source and target as documents have them.</summary>
internal static class SourceText
{
    public static string Of(ValueSource source) => source.Kind switch
    {
        ValueSourceKind.Literal => $"'{source.Name}'",
        ValueSourceKind.PathParameter or ValueSourceKind.NamedPathParameter => $"method.request.path.{source.Name}",
        ValueSourceKind.QueryString => $"method.request.querystring.{source.Name}",
        ValueSourceKind.MultiValueQueryString => $"method.request.multivaluequerystring.{source.Name}",
        ValueSourceKind.Header => $"method.request.header.{source.Name}",
        ValueSourceKind.MultiValueHeader => $"method.request.multivalueheader.{source.Name}",
        ValueSourceKind.Context => $"context.{source.Name}",
        ValueSourceKind.StageVariable => $"stageVariables.{source.Name}",
        ValueSourceKind.IntegrationHeader => $"integration.response.header.{source.Name}",
        ValueSourceKind.IntegrationMultiValueHeader => $"integration.response.multivalueheader.{source.Name}",
        ValueSourceKind.InputParameter => $"method.input.params.{source.Name}",
        ValueSourceKind.RequestBody => $"method.request.body{source.Name}",
        ValueSourceKind.IntegrationBody => $"integration.response.body{source.Name}",
        _ => $"{source.Kind} {source.Name}".TrimEnd(),
    };

    /// <param name="mapping">The mapping.</param>
    /// <param name="header">What stands before the name of a header, such as <c>method.response.header.</c></param>
    public static string OfTarget(ParameterMapping mapping, string header) => mapping.Target switch
    {
        MappingTarget.Header => header + mapping.Name,
        MappingTarget.QueryString => $"integration.request.querystring.{mapping.Name}",
        MappingTarget.Path => $"integration.request.path.{mapping.Name}",
        _ => mapping.Name.ToString(),
    };
}
