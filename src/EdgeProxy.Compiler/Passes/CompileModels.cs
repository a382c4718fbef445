using EdgeProxy.Compiler.Problems;
using EdgeProxy.Compiler.Schemas;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Validation.Schemas;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Compiles the models that validators hold bodies against, and says what is wrong with any model (rest-api.md 7).</summary>
/// <remarks>
/// A model that nobody validates with does no harm when it is wrong: that is a warning, and an error with <c>--strict</c>, as API Gateway refuses
/// it. One that a method validates with is an error, for its requests could not be judged.
/// </remarks>
internal sealed class CompileModels
{
    private readonly Dictionary<string, SchemaPlan> _plans = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RequestValidatorDefinition> _validators;

    private CompileModels(ApiDefinition api)
    {
        _validators = new Dictionary<string, RequestValidatorDefinition>(StringComparer.Ordinal);
        foreach (RequestValidatorDefinition validator in api.RequestValidators) _validators.TryAdd(validator.Name, validator);
    }

    /// <summary>Runs the pass.</summary>
    public static CompileModels Run(ApiDefinition api, CheckOptions options, ProblemList problems)
    {
        var models = new CompileModels(api);

        // Requests of an HTTP API are validated by nothing.
        if (api.Kind == Definitions.ApiKind.Rest) models.Compile(api, options, problems);
        return models;
    }

    /// <summary>Whether everything is there that the validator of a method needs; if not, the method has to be served closed.</summary>
    public bool CanValidate(MethodDefinition method)
    {
        foreach (ModelUseDefinition use in BodiesOf(method))
        {
            if (!_plans.ContainsKey(use.Model)) return false;
        }

        foreach (MethodResponseDefinition response in ResponsesOf(method))
        {
            foreach (ModelUseDefinition use in response.Models)
            {
                if (!_plans.ContainsKey(use.Model)) return false;
            }
        }

        return true;
    }

    /// <summary>What the validator of a method asks for.</summary>
    /// <param name="method">A method that can be validated.</param>
    /// <param name="pathParameters">Its path parameters from left to right.</param>
    public ValidationPlan PlanOf(MethodDefinition method, string[] pathParameters)
    {
        RequestValidatorDefinition? validator = ValidatorOf(method);
        IReadOnlyList<MethodResponseDefinition> answers = ResponsesOf(method);
        if (validator is null && answers.Count == 0) return ValidationPlan.None;
        var responses = new List<ResponseModels>();
        foreach (MethodResponseDefinition response in answers)
        {
            if (response.Models.Count > 0) responses.Add(new ResponseModels(response.StatusCode, Plans(response.Models)));
        }

        var plan = new ValidationPlan
        {
            Bodies = Plans(BodiesOf(method)),
            Required = validator is { ValidateRequestParameters: true } ? Required(method, pathParameters) : [],
            Responses = [.. responses],
            RefusesResponses = method.ResponseValidation == ResponseValidation.Enforce,
        };
        return plan is { Bodies: [], Required: [], Responses: [] } ? ValidationPlan.None : plan;
    }

    private BodyModel[] Plans(IEnumerable<ModelUseDefinition> uses) => [.. uses.Select(use => new BodyModel(use.MediaType, use.Model, _plans[use.Model]))];

    private static IReadOnlyList<MethodResponseDefinition> ResponsesOf(MethodDefinition method) => method.ResponseValidation == ResponseValidation.Off ? [] : method.Responses;

    private RequestValidatorDefinition? ValidatorOf(MethodDefinition method) =>
        method.RequestValidator is { } name ? _validators.GetValueOrDefault(name) : null;

    private IReadOnlyList<ModelUseDefinition> BodiesOf(MethodDefinition method) =>
        ValidatorOf(method) is { ValidateRequestBody: true } ? method.RequestModels : [];

    private HashSet<string> Used(ApiDefinition api)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (MethodDefinition method in api.Methods)
        {
            foreach (ModelUseDefinition use in BodiesOf(method)) used.Add(use.Model);
            foreach (MethodResponseDefinition response in ResponsesOf(method))
            {
                foreach (ModelUseDefinition use in response.Models) used.Add(use.Model);
            }
        }

        return used;
    }

    // rest-api.md 7: by the whole key, so that headers come before path and query parameters.
    private static RequiredParameter[] Required(MethodDefinition method, string[] pathParameters)
    {
        var required = new SortedDictionary<string, RequiredParameter>(StringComparer.Ordinal);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            if (!parameter.Required) continue;
            string place = parameter.Location switch { ParameterLocation.Header => "header", ParameterLocation.Path => "path", _ => "querystring" };
            string key = $"method.request.{place}.{parameter.Name}";
            if (ValueSource.TryParseRequest(key, pathParameters, out ValueSource? source)) required[key] = new RequiredParameter(source!, parameter.Name);
        }

        return [.. required.Values];
    }

    private void Compile(ApiDefinition api, CheckOptions options, ProblemList problems)
    {
        var resources = new SchemaResources();
        var roots = new List<(ModelDefinition Model, JsonValue Root)>();
        HashSet<string> used = Used(api);
        foreach (ModelDefinition model in api.Models)
        {
            if (JsonValue.ParseOrNull(model.Schema) is { } root)
            {
                resources.AddModel(model.Name, root);
                roots.Add((model, root));
                continue;
            }

            Report(problems, used.Contains(model.Name) || options.Strict, model.Origin, $"The model {model.Name} is no JSON, or nests too deeply.");
        }

        // Those in use come first, so that what several models lead to is an error where one of them is in use.
        var compiler = new SchemaCompiler(resources);
        var reported = new HashSet<JsonValue>(ReferenceEqualityComparer.Instance);
        foreach ((ModelDefinition model, JsonValue root) in roots.OrderBy(entry => used.Contains(entry.Model.Name) ? 0 : 1))
        {
            var found = new List<SchemaProblem>();
            SchemaPlan plan = compiler.Compile(root, found);
            foreach (SchemaProblem problem in found)
            {
                if (!reported.Add(problem.At)) continue;
                Origin? origin = OriginOf(problem.At, roots);
                string message = $"In the model {NameOf(problem.At, roots) ?? model.Name}: {problem.Message}";
                if (problem.IsUnsupported) problems.Unsupported(ProblemCode.UnsupportedValidation, origin, message + " Methods that validate with it answer 500.");
                else Report(problems, used.Contains(model.Name) || options.Strict, origin, message);
            }

            // A compiler keeps what it made; what it made of something wrong must not get into the next model.
            if (found.Count > 0) compiler = new SchemaCompiler(resources);
            else _plans[model.Name] = plan;
        }
    }

    private static void Report(ProblemList problems, bool isError, Origin? origin, string message)
    {
        if (isError) problems.Error(ProblemCode.BadModel, origin, message);
        else problems.Warning(ProblemCode.BadModel, origin, message);
    }

    private static JsonValue RootOf(JsonValue value)
    {
        while (value.Parent is { } parent) value = parent;
        return value;
    }

    private static string? NameOf(JsonValue value, List<(ModelDefinition Model, JsonValue Root)> roots)
    {
        JsonValue root = RootOf(value);
        return roots.Find(entry => ReferenceEquals(entry.Root, root)).Model?.Name;
    }

    private static Origin? OriginOf(JsonValue value, List<(ModelDefinition Model, JsonValue Root)> roots)
    {
        JsonValue root = RootOf(value);
        if (roots.Find(entry => ReferenceEquals(entry.Root, root)).Model is not { Origin: { } origin } model) return null;
        if (value.Ordinal >= model.Marks.Count) return origin;
        (int line, int column) = model.Marks[value.Ordinal];
        return new Origin(origin.Document, origin.Pointer + value.Pointer, line, column);
    }
}
