using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Makes a definition from an OpenAPI 3.0, 3.1 or Swagger 2.0 document (openapi-and-templates.md 4).</summary>
/// <remarks>
/// Checks the shape of the document: types, names, references. Whether the definition makes sense as an API is for the Compiler
/// (CheckDefinitions), which sees definitions from the management API as well. Never throws on a document, and goes on after a problem,
/// so that one run finds them all.
/// </remarks>
public static class OpenApiImporter
{
    private static readonly string[] OpenApiMembers =
        ["openapi", "info", "jsonSchemaDialect", "servers", "paths", "webhooks", "components", "security", "tags", "externalDocs"];

    private static readonly string[] SwaggerMembers =
        ["swagger", "info", "host", "basePath", "schemes", "consumes", "produces", "paths", "definitions", "parameters", "responses", "securityDefinitions", "security", "tags", "externalDocs"];

    /// <summary>Reads and imports a document.</summary>
    /// <returns>The definition, possibly with parts left out for which there are problems; null when it is no OpenAPI document at all.</returns>
    public static ApiDefinition? Import(string fileName, ReadOnlySpan<byte> bytes, OpenApiImportOptions options, ProblemList problems) =>
        DocumentReader.Read(fileName, bytes, problems) is { } root ? Import(root, options, problems) : null;

    /// <summary>Imports a document that has been read.</summary>
    /// <returns>As above.</returns>
    public static ApiDefinition? Import(DocumentNode root, OpenApiImportOptions options, ProblemList problems)
    {
        if (!root.IsMapping)
        {
            problems.Error(ProblemCode.NotOpenApi, root.Origin, $"The document is {root.Described}. An API document is an object with openapi (or swagger), info and paths.");
            return null;
        }

        if (ReadVersion(root, options, problems) is not { } version) return null;
        ApiKind kind = options.Kind ?? ReadKind(root, problems);
        if (kind == ApiKind.Http && version == OpenApiVersion.Swagger20)
        {
            problems.Error(ProblemCode.NotOpenApi, root.Find("swagger")!.Origin, "An HTTP API needs OpenAPI 3.0; Swagger 2.0 describes REST APIs only. Convert the document, or remove x-edgeproxy-api-type.");
        }

        var context = new ImportContext(root, version, kind, options, problems);
        IntrinsicFunctions.Report(root, problems);
        Extensions.Check(root, DocumentPlace.Root, "The document", version == OpenApiVersion.Swagger20 ? SwaggerMembers : OpenApiMembers, problems);

        (string name, string? description, string? apiVersion) = ReadInfo(context);
        var models = new ModelReader(context);
        models.ReadNamed();
        var security = new SecurityReader(context);
        security.ReadSchemes();
        var settings = new RootReader(context);
        string? basePath = BasePathReader.Read(context);
        IReadOnlyList<RequestValidatorDefinition> validators = settings.ReadRequestValidators();
        var paths = new PathsReader(context, security, new OperationReader(context, security, models, validators), BasePathReader.PrefixOf(basePath, options.BasePath));
        paths.Read();

        return new ApiDefinition
        {
            Id = options.ApiId ?? ApiIdentifier.Derive(name, root.File),
            Name = name,
            Kind = kind,
            Origin = root.Origin,
            Description = description,
            Version = apiVersion,
            BasePath = options.BasePath == BasePathMode.Mount ? basePath : null,
            Resources = paths.Resources,
            Methods = paths.Methods,
            Authorizers = security.Authorizers,
            SecuritySchemes = security.Schemes,
            Models = models.Models,
            RequestValidators = validators,
            GatewayResponses = settings.ReadGatewayResponses(),
            BinaryMediaTypes = settings.ReadBinaryMediaTypes(),
            MinimumCompressionSize = settings.ReadMinimumCompressionSize(),
            ApiKeySource = settings.ReadApiKeySource(),
            Policy = settings.ReadPolicy(),
            Cors = settings.ReadCors(),
            Endpoint = settings.ReadEndpoint(),
            Documentation = options.IgnoreDocumentation ? null : settings.ReadDocumentation(),
            Tags = settings.ReadTags(),
        };
    }

    /// <summary>Reads the documentation that a document lists (<c>x-amazon-apigateway-documentation</c>), and nothing else of it; null when it lists none.</summary>
    public static DocumentationDefinition? ReadDocumentation(DocumentNode root, OpenApiImportOptions options, ProblemList problems) =>
        new RootReader(new ImportContext(root, root.Find("swagger") is null ? OpenApiVersion.OpenApi30 : OpenApiVersion.Swagger20, ApiKind.Rest, options, problems)).ReadDocumentation();

    private static OpenApiVersion? ReadVersion(DocumentNode root, OpenApiImportOptions options, ProblemList problems)
    {
        if (root.Find("swagger") is { } swagger)
        {
            // Unquoted it is a number, which people write and API Gateway takes.
            if (swagger.Text == "2.0") return OpenApiVersion.Swagger20;
            problems.Error(ProblemCode.NotOpenApi, swagger.Origin, $"swagger is {Quote(swagger)}; it must be \"2.0\".");
            return null;
        }

        if (root.Find("openapi") is not { } openapi)
        {
            string hint = Suggest.Nearest("openapi", root.Entries.Select(entry => entry.Name)) is { } near ? $" Is \"{near}\" meant to be it?" : "";
            problems.Error(ProblemCode.NotOpenApi, root.Origin, $"The document has neither openapi nor swagger at its root.{hint} Add openapi: \"3.0.1\".");
            return null;
        }

        string version = openapi.Text;
        if (version == "3.0" || version.StartsWith("3.0.", StringComparison.Ordinal)) return OpenApiVersion.OpenApi30;
        if (version == "3.1" || version.StartsWith("3.1.", StringComparison.Ordinal))
        {
            if (options.Strict) problems.Error(ProblemCode.StrictRefused, openapi.Origin, "API Gateway refuses OpenAPI 3.1. Write the document in 3.0.1, or leave --strict away.");
            return OpenApiVersion.OpenApi31;
        }

        problems.Error(ProblemCode.NotOpenApi, openapi.Origin, $"openapi is {Quote(openapi)}; 3.0 and 3.1 can be read (and swagger: \"2.0\").");
        return null;
    }

    private static string Quote(DocumentNode node) => node.IsScalar ? $"\"{node.Text}\"" : node.Described;

    private static ApiKind ReadKind(DocumentNode root, ProblemList problems)
    {
        if (root.Find("x-edgeproxy-api-type") is not { } node) return ApiKind.Rest;
        return node.ExpectOneOf("x-edgeproxy-api-type", ["REST", "HTTP"], StringComparison.OrdinalIgnoreCase, problems) == "HTTP" ? ApiKind.Http : ApiKind.Rest;
    }

    private static (string Name, string? Description, string? Version) ReadInfo(ImportContext context)
    {
        string fallback = Path.GetFileNameWithoutExtension(context.Root.File);
        if (context.Root.Find("info") is not { } info)
        {
            context.Problems.Error(ProblemCode.Missing, context.Root.Origin, "info is missing. Add info with title and version.");
            return (fallback, null, null);
        }

        if (!info.ExpectMapping("info", context.Problems)) return (fallback, null, null);
        Extensions.Check(info, DocumentPlace.Other, "info", ["title", "summary", "description", "termsOfService", "contact", "license", "version"], context.Problems);
        string? title = null;
        if (info.Find("title") is not { } written) context.Problems.Error(ProblemCode.Missing, info.Origin, "info.title is missing. It becomes the name of the API.");
        else title = context.AnyText(written, "info.title");
        return (
            title ?? fallback,
            context.TextOf(info, "description", "info.description"),
            info.Find("version") is { IsNull: false } version ? context.AnyText(version, "info.version") : null);
    }
}
