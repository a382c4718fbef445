using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Reads an operation object into a method.</summary>
internal sealed class OperationReader(ImportContext context, SecurityReader security, ModelReader models, IReadOnlyList<RequestValidatorDefinition> validators)
{
    private const string Integration = "x-amazon-apigateway-integration";
    private const string ResponseValidationName = "x-edgeproxy-response-validation";
    private const string Validator = "x-amazon-apigateway-request-validator";

    private static readonly string[] Members =
        ["tags", "summary", "description", "externalDocs", "operationId", "parameters", "requestBody", "responses", "callbacks", "deprecated", "security", "servers", "consumes", "produces", "schemes"];

    private readonly IntegrationReader _integrations = new(context);
    private readonly CachePolicyReader _cachePolicies = new(context);

    // Shared by $ref: read once, so that a problem is reported once and a large document costs its size, not its references.
    private readonly Dictionary<DocumentNode, IntegrationDefinition?> _integrationsRead = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<DocumentNode, (IReadOnlyList<string> Headers, IReadOnlyList<ModelUseDefinition> Models)> _responsesRead = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<DocumentNode, IReadOnlyList<ModelUseDefinition>> _bodiesRead = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<DocumentNode, ReadParameterResult> _parametersRead = new(ReferenceEqualityComparer.Instance);

    /// <summary>Reads an operation; parts with problems are left out.</summary>
    public MethodDefinition Read(string path, string verb, DocumentNode operation, IReadOnlyList<DocumentNode> shared)
    {
        string what = $"The operation {verb} {path}";
        Extensions.Check(operation, DocumentPlace.Operation, "An operation", verb == "ANY" ? [.. Members, "isDefaultRoute"] : Members, context.Problems);
        var bodyModels = new List<ModelUseDefinition>();
        IReadOnlyList<ParameterDefinition> parameters = ReadParameters(operation, shared, bodyModels);
        if (operation.Find("requestBody") is { } body && !context.IsSwagger) bodyModels.AddRange(ReadBody(body));
        (AuthorizationDefinition authorization, bool apiKey, Origin? apiKeyOrigin) = security.ReadOperation(operation);
        (string? validator, Origin? validatorOrigin) = ReadValidator(operation);
        if (context.Kind == ApiKind.Rest && operation.Find(Integration) is null)
        {
            context.Problems.Error(ProblemCode.MissingIntegration, operation.Origin, $"{what} has no integration, so nothing can answer it. Add {Integration}.");
        }

        if (operation.Find("isDefaultRoute") is { } flag && flag.ExpectBoolean("isDefaultRoute", context.Problems) == true && path != "$default")
        {
            context.Problems.Error(ProblemCode.BadPath, flag.Origin, "isDefaultRoute is for the path /$default of an HTTP API. Move the operation there, or remove the member.");
        }


        return new MethodDefinition
        {
            Path = path,
            Verb = verb,
            Origin = operation.Origin,
            IsDefaultRoute = path == "$default",
            OperationName = context.TextOf(operation, "operationId", "operationId"),
            Description = context.TextOf(operation, "description", "description") ?? context.TextOf(operation, "summary", "summary"),
            Parameters = parameters,
            RequestModels = bodyModels,
            Authorization = authorization,
            ApiKeyRequired = apiKey,
            ApiKeyOrigin = apiKeyOrigin,
            RequestValidator = validator,
            RequestValidatorOrigin = validatorOrigin,
            ResponseValidation = ReadResponseValidation(operation),
            CachePolicy = _cachePolicies.ReadOrNull(operation),
            Responses = ReadResponses(operation, what),
            Integration = operation.Find(Integration) is { } integration ? ReadIntegration(integration) : null,
        };
    }

    private IntegrationDefinition? ReadIntegration(DocumentNode written)
    {
        if (!written.ExpectMapping(Integration, context.Problems)) return null;
        if (context.Resolve(written) is not { } node) return null;
        if (_integrationsRead.TryGetValue(node, out IntegrationDefinition? read)) return read;
        return _integrationsRead[node] = node.ExpectMapping(Integration, context.Problems) ? _integrations.Read(node) : null;
    }

    private ResponseValidation ReadResponseValidation(DocumentNode operation)
    {
        if ((operation.Find(ResponseValidationName) ?? context.Root.Find(ResponseValidationName)) is not { } node) return ResponseValidation.Off;
        switch (node.IsScalar ? node.Text : "")
        {
            // Plain off is a boolean in YAML 1.1 and text in 1.2; both mean the same here.
            case "off" or "false":
                return ResponseValidation.Off;
            case "report":
                return ResponseValidation.Report;
            case "enforce":
                return ResponseValidation.Enforce;
            default:
                context.ErrorOnce(ProblemCode.NotAllowed, node, $"{ResponseValidationName} is {(node.IsScalar ? $"\"{node.Text}\"" : node.Described)}; it must be off, report or enforce.");
                return ResponseValidation.Off;
        }
    }

    private (string?, Origin?) ReadValidator(DocumentNode operation)
    {
        if ((operation.Find(Validator) ?? context.Root.Find(Validator)) is not { } node) return (null, null);
        if (!node.TryGetString(out string name))
        {
            context.ErrorOnce(ProblemCode.WrongType, node, $"{Validator} is {node.Described}; it must be the name of a validator.");
            return (null, null);
        }

        if (!validators.Any(validator => validator.Name == name))
        {
            context.ErrorOnce(ProblemCode.UnknownName, node,
                $"There is no request validator \"{name}\".{Suggest.DidYouMean(name, validators.Select(validator => validator.Name))} Define it in x-amazon-apigateway-request-validators at the root.");
        }

        return (name, node.Origin);
    }

    private List<ParameterDefinition> ReadParameters(DocumentNode operation, IReadOnlyList<DocumentNode> shared, List<ModelUseDefinition> bodyModels)
    {
        var own = new List<ParameterDefinition>();
        var names = new HashSet<(ParameterLocation, string)>();
        if (operation.Find("parameters") is { IsNull: false } list && list.ExpectSequence("parameters", context.Problems))
        {
            foreach (DocumentNode item in list.Items)
            {
                if (ReadParameter(item, bodyModels) is not { } parameter) continue;
                if (names.Add((parameter.Location, parameter.Name))) own.Add(parameter);
                else context.ErrorOnce(ProblemCode.DuplicateKey, item, $"The parameter {parameter.Name} is in this list already. Remove one of them.");
            }
        }

        // The operation's own parameter wins over one of the path item with its place and name.
        foreach (DocumentNode item in shared)
        {
            if (ReadParameter(item, bodyModels) is { } parameter && names.Add((parameter.Location, parameter.Name))) own.Add(parameter);
        }

        return own;
    }

    private ParameterDefinition? ReadParameter(DocumentNode written, List<ModelUseDefinition> bodyModels)
    {
        if (!written.IsMapping)
        {
            context.ErrorOnce(ProblemCode.WrongType, written, $"A parameter is {written.Described}; it must be an object with name and in.");
            return null;
        }

        if (context.Resolve(written) is not { } node) return null;
        if (!_parametersRead.TryGetValue(node, out ReadParameterResult? read)) _parametersRead[node] = read = ReadParameterObject(node);
        bodyModels.AddRange(read.Body);
        return read.Parameter;
    }

    private ReadParameterResult ReadParameterObject(DocumentNode node)
    {
        if (!node.ExpectMapping("A parameter", context.Problems)) return ReadParameterResult.Nothing;
        Extensions.Check(node, DocumentPlace.Other, "A parameter", members: null, context.Problems);
        string[] places = context.IsSwagger ? ["path", "query", "header", "body", "formData"] : ["path", "query", "header", "cookie"];
        string? place = null;
        if (node.Find("in") is { } into) place = into.ExpectOneOf("in", places, StringComparison.Ordinal, context.Problems);
        else context.Problems.Error(ProblemCode.Missing, node.Origin, $"in of the parameter is missing. Say {string.Join(", ", places)}.");
        string? name = null;
        if (node.Find("name") is { } named) name = context.AnyText(named, "name of the parameter");
        else context.Problems.Error(ProblemCode.Missing, node.Origin, "name of the parameter is missing. Add it.");
        bool required = node.Find("required") is { } flag && flag.ExpectBoolean("required", context.Problems) == true;
        if (place is null || name is null) return ReadParameterResult.Nothing;

        switch (place)
        {
            case "body":
                return new ReadParameterResult(null, node.Find("schema") is { } schema ? BodyModels(schema) : []);
            case "formData" or "cookie":
                context.Problems.Warning(ProblemCode.Ignored, node.Origin, $"API Gateway ignores {(place == "cookie" ? "cookie" : "form")} parameters; {name} reaches the back end all the same.");
                return ReadParameterResult.Nothing;
        }

        ParameterLocation location = place switch
        {
            "path" => ParameterLocation.Path,
            "query" => ParameterLocation.QueryString,
            _ => ParameterLocation.Header,
        };
        return new ReadParameterResult(new ParameterDefinition(location, name, required, node.Origin), []);
    }

    private IReadOnlyList<ModelUseDefinition> BodyModels(DocumentNode schema) => models.Use("application/json", schema) is { } use ? [use] : [];

    private IReadOnlyList<ModelUseDefinition> ReadBody(DocumentNode written)
    {
        if (!written.ExpectMapping("requestBody", context.Problems)) return [];
        if (context.Resolve(written) is not { } node) return [];
        if (_bodiesRead.TryGetValue(node, out IReadOnlyList<ModelUseDefinition>? read)) return read;
        return _bodiesRead[node] = node.ExpectMapping("requestBody", context.Problems) ? ReadContent(node) : [];
    }

    private List<ModelUseDefinition> ReadContent(DocumentNode node)
    {
        var uses = new List<ModelUseDefinition>();
        if (node.Find("content") is not { IsNull: false } content || !content.ExpectMapping("content", context.Problems)) return uses;
        foreach (DocumentEntry entry in content.Entries)
        {
            if (entry.Value.IsNull || !entry.Value.ExpectMapping($"The content {entry.Name}", context.Problems)) continue;
            if (entry.Value.Find("schema") is { } schema && models.Use(entry.Name, schema) is { } use) uses.Add(use);
        }

        return uses;
    }

    private List<MethodResponseDefinition> ReadResponses(DocumentNode operation, string what)
    {
        var responses = new List<MethodResponseDefinition>();
        if (operation.Find("responses") is not { IsNull: false } list || !list.ExpectMapping($"responses of {char.ToLowerInvariant(what[0])}{what[1..]}", context.Problems)) return responses;
        foreach (DocumentEntry entry in list.Entries)
        {
            // API Gateway has no method response for "default"; the integration's own default is something else.
            if (entry.Name == "default" || Extensions.IsExtension(entry.Name)) continue;
            if (IsStatusRange(entry.Name))
            {
                context.Problems.Warning(ProblemCode.Ignored, entry.Key.Origin, $"API Gateway ignores the status range {entry.Name}. Declare each status.");
                continue;
            }

            if (!StatusCode.TryParse(entry.Name, out int status))
            {
                context.Problems.Error(ProblemCode.NotAllowed, entry.Key.Origin, $"The response \"{entry.Name}\" is no status a response can have; write 200 to 599, or default.");
                continue;
            }

            (IReadOnlyList<string> headers, IReadOnlyList<ModelUseDefinition> bodies) = ReadResponse(entry.Value, entry.Name);
            responses.Add(new MethodResponseDefinition(status, headers, bodies, entry.Key.Origin));
        }

        return responses;
    }

    private static bool IsStatusRange(string name) => name.Length == 3 && name[0] is >= '1' and <= '5' && name[1] is ('X' or 'x') && name[2] is ('X' or 'x');

    private (IReadOnlyList<string>, IReadOnlyList<ModelUseDefinition>) ReadResponse(DocumentNode written, string status)
    {
        if (written.IsNull || !written.ExpectMapping($"The response {status}", context.Problems)) return ([], []);
        if (context.Resolve(written) is not { } node) return ([], []);
        if (_responsesRead.TryGetValue(node, out var read)) return read;
        if (!node.ExpectMapping("The response", context.Problems)) return _responsesRead[node] = ([], []);
        Extensions.Check(node, DocumentPlace.Other, "A response", members: null, context.Problems);
        IReadOnlyList<string> headers = node.Find("headers") is { IsNull: false } list && list.ExpectMapping("headers", context.Problems)
            ? [.. list.Entries.Select(entry => entry.Name)]
            : [];
        IReadOnlyList<ModelUseDefinition> bodies = context.IsSwagger
            ? node.Find("schema") is { } schema ? BodyModels(schema) : []
            : ReadContent(node);
        return _responsesRead[node] = (headers, bodies);
    }

    private sealed record ReadParameterResult(ParameterDefinition? Parameter, IReadOnlyList<ModelUseDefinition> Body)
    {
        public static readonly ReadParameterResult Nothing = new(null, []);
    }
}
