using System.Text.Json.Nodes;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>Writes the OpenAPI document of a scenario.</summary>
internal sealed class Api
{
    private readonly JsonObject _paths = [];
    private int? _minimumCompressionSize;
    private JsonObject? _cache;

    /// <summary>A greedy proxy of everything to one upstream: what most scenarios need.</summary>
    public static Api ProxyTo(int port, int? timeoutInMillis = null) => new Api()
        .Proxy("/{proxy+}", "ANY", $"http://127.0.0.1:{port}/{{proxy}}", timeoutInMillis)
        .Mock("/mock", "GET", 200);

    /// <summary>An API that tells which version of it is served, beside a greedy proxy.</summary>
    public static Api Version(int version, int port) => new Api()
        .Mock("/version", "GET", 200, ("X-Version", $"{version}"))
        .Proxy("/proxied/{proxy+}", "ANY", $"http://127.0.0.1:{port}/{{proxy}}");

    /// <summary>Has answers of at least so many bytes compressed.</summary>
    public Api Compressing(int minimumSize)
    {
        _minimumCompressionSize = minimumSize;
        return this;
    }

    /// <summary>Has <c>x-edgeproxy-cache</c> say this of all routes.</summary>
    public Api Caching(JsonObject policy)
    {
        _cache = policy;
        return this;
    }

    /// <summary>A route that the gateway answers itself, with an empty body and these constant headers.</summary>
    public Api Mock(string path, string method, int status, params (string Name, string Value)[] headers)
    {
        var response = new JsonObject { ["statusCode"] = $"{status}" };
        var declared = new JsonObject();
        if (headers.Length > 0)
        {
            var parameters = new JsonObject();
            foreach ((string name, string value) in headers)
            {
                parameters[$"method.response.header.{name}"] = $"'{value}'";
                declared[name] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
            }

            response["responseParameters"] = parameters;
        }

        var integration = new JsonObject
        {
            ["type"] = "mock",
            ["requestTemplates"] = new JsonObject { ["application/json"] = $"{{\"statusCode\": {status}}}" },
            ["responses"] = new JsonObject { ["default"] = response },
        };
        return Add(path, method, new JsonObject
        {
            ["responses"] = new JsonObject { [$"{status}"] = new JsonObject { ["description"] = "ok", ["headers"] = declared } },
            ["x-amazon-apigateway-integration"] = integration,
        });
    }

    /// <summary>A GET that the gateway answers itself, with headers from expressions such as <c>context.tlsVersion</c>.</summary>
    public Api Told(string path, params (string Name, string Source)[] headers)
    {
        var parameters = new JsonObject();
        var declared = new JsonObject();
        foreach ((string name, string source) in headers)
        {
            parameters[$"method.response.header.{name}"] = source;
            declared[name] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        }

        return Add(path, "GET", new JsonObject
        {
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "ok", ["headers"] = declared } },
            ["x-amazon-apigateway-integration"] = new JsonObject
            {
                ["type"] = "mock",
                ["requestTemplates"] = new JsonObject { ["application/json"] = "{\"statusCode\": 200}" },
                ["responses"] = new JsonObject { ["default"] = new JsonObject { ["statusCode"] = "200", ["responseParameters"] = parameters } },
            },
        });
    }

    /// <summary>An <c>http_proxy</c> route; <c>{name}</c> parts of the path are mapped into those of the URI.</summary>
    public Api Proxy(string path, string method, string uri, int? timeoutInMillis = null)
    {
        var mapped = new JsonObject();
        var declared = new JsonArray();
        foreach (string part in path.Split('/').Where(part => part.StartsWith('{')))
        {
            string name = part.Trim('{', '}', '+');
            mapped[$"integration.request.path.{name}"] = $"method.request.path.{name}";
            declared.Add(new JsonObject
            {
                ["name"] = name, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" },
            });
        }

        var integration = new JsonObject
        {
            ["type"] = "http_proxy", ["httpMethod"] = method, ["uri"] = uri, ["requestParameters"] = mapped,
        };
        if (timeoutInMillis is { } milliseconds) integration["timeoutInMillis"] = milliseconds;
        return Add(path, method, new JsonObject
        {
            ["parameters"] = declared,
            ["responses"] = new JsonObject(),
            ["x-amazon-apigateway-integration"] = integration,
        });
    }

    public override string ToString()
    {
        var document = new JsonObject
        {
            ["openapi"] = "3.0.1",
            ["info"] = new JsonObject { ["title"] = "Scenario", ["version"] = "1" },
            ["paths"] = _paths.DeepClone(),
        };
        if (_minimumCompressionSize is { } size) document["x-amazon-apigateway-minimum-compression-size"] = size;
        if (_cache is not null) document["x-edgeproxy-cache"] = _cache.DeepClone();
        return document.ToJsonString();
    }

    private Api Add(string path, string method, JsonObject operation)
    {
        if (_paths[path] is not JsonObject item) _paths[path] = item = [];
        string verb = method == "ANY" ? "x-amazon-apigateway-any-method" : method;
        item[method == "ANY" ? verb : verb.ToLowerInvariant()] = operation;
        return this;
    }
}
