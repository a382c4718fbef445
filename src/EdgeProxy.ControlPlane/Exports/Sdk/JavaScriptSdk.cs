using System.Text;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Exports.Sdk;

/// <summary>Writes a JavaScript client of a deployed API: a function for each method, no dependencies, for Node.js 18 and browsers (control-plane.md 3.8).</summary>
/// <remarks>It is made and called as the service's own: <c>apigClientFactory.newClient({apiKey})</c>, <c>client.petsPetIdGet(params, body, additionalParams)</c>.</remarks>
internal static class JavaScriptSdk
{
    private const string Folder = "apiGateway-js-sdk/";

    private const string Head = """
        // A client of an API, made by EdgeProxy. Runs in browsers, as a script (apigClientFactory) or bundled, and in Node.js 18 and later.
        (function (root, factory) {
          if (typeof module === 'object' && module.exports) module.exports = factory();
          else root.apigClientFactory = factory();
        })(typeof self !== 'undefined' ? self : this, function () {
          'use strict';


        """;

    private const string Tail = """

          function encodePath(template, names, params) {
            return template.replace(/\{([^}+]*)(\+?)\}/g, function (whole, name, greedy) {
              if (params[name] === undefined || params[name] === null) throw new TypeError('The path parameter ' + name + ' is missing.');
              var text = String(params[name]);
              return greedy ? text.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(text);
            });
          }

          function encodeQuery(values) {
            var pairs = [];
            Object.keys(values).forEach(function (name) {
              [].concat(values[name]).forEach(function (value) {
                if (value !== undefined && value !== null) pairs.push(encodeURIComponent(name) + '=' + encodeURIComponent(value));
              });
            });
            return pairs.length === 0 ? '' : '?' + pairs.join('&');
          }

          function send(config, method, template, names, params, body, additional) {
            params = params || {};
            additional = additional || {};
            var query = {}, headers = {};
            names.query.forEach(function (name) { if (params[name] !== undefined) query[name] = params[name]; });
            names.header.forEach(function (name) { if (params[name] !== undefined) headers[name] = String(params[name]); });
            Object.assign(query, additional.queryParams);
            var options = { method: additional.method || method };
            if (options.method === 'ANY') return Promise.reject(new TypeError('This method takes any verb: name one as additionalParams.method.'));
            if (body !== undefined && body !== null && options.method !== 'GET' && options.method !== 'HEAD') {
              var isRaw = typeof body === 'string' || typeof body.arrayBuffer === 'function' || ArrayBuffer.isView(body) || body instanceof ArrayBuffer;
              options.body = isRaw ? body : JSON.stringify(body);
              headers['Content-Type'] = config.defaultContentType;
            }
            headers['Accept'] = config.defaultAcceptType;
            if (config.apiKey) headers['x-api-key'] = config.apiKey;
            // A header of the caller's wins, however it is written.
            Object.keys(additional.headers || {}).forEach(function (name) {
              Object.keys(headers).forEach(function (known) { if (known.toLowerCase() === name.toLowerCase()) delete headers[known]; });
              headers[name] = additional.headers[name];
            });
            options.headers = headers;
            if (additional.signal) options.signal = additional.signal;
            var url;
            try {
              url = config.invokeUrl.replace(/\/+$/, '') + encodePath(template, names, params) + encodeQuery(query);
            } catch (wrong) {
              return Promise.reject(wrong);
            }
            return (config.fetch || fetch)(url, options).then(function (answer) {
              return answer.text().then(function (text) {
                var result = { status: answer.status, statusText: answer.statusText, headers: {}, data: text };
                answer.headers.forEach(function (value, name) { result.headers[name] = value; });
                if (/[\/+]json\b/.test(result.headers['content-type'] || '')) {
                  try { result.data = JSON.parse(text); } catch (notJson) { result.data = text; }
                }
                if (answer.ok) return result;
                var failure = new Error('Request failed with status code ' + answer.status);
                failure.response = result;
                throw failure;
              });
            });
          }

          return { newClient: newClient };
        });

        """;

    /// <summary>The archive.</summary>
    /// <param name="api">What is deployed.</param>
    /// <param name="url">Where the stage is served, without a slash at its end.</param>
    /// <param name="now">When.</param>
    public static byte[] Write(ApiDefinition api, string url, DateTimeOffset now)
    {
        var zip = new ZipWriter(now);
        zip.Add(Folder + "apigClient.js", Client(api, url, out List<string> names));
        zip.Add(Folder + "package.json", Encoding.UTF8.GetString(WireValue.NewObject()
            .Set("name", PackageName(api)).Set("version", "1.0.0").Set("private", true).Set("description", $"A client of {api.Name}").Set("main", "apigClient.js").Set("type", "commonjs")
            .ToIndentedBytes()) + "\n");
        zip.Add(Folder + "README.md", Readme(names));
        return zip.ToArray();
    }

    private static string Client(ApiDefinition api, string url, out List<string> names)
    {
        names = [];
        var text = new StringBuilder(Head);
        text.Append("  function newClient(config) {\n");
        text.Append("    config = Object.assign({ invokeUrl: ").Append(Text(url)).Append(", apiKey: '', defaultContentType: 'application/json', defaultAcceptType: 'application/json' }, config);\n");
        text.Append("    var client = {};\n");
        var taken = new HashSet<string>(StringComparer.Ordinal) { "", "__proto__" };
        foreach (MethodDefinition method in api.Methods)
        {
            string name = NameOf(method);
            for (int i = 2; !taken.Add(name); i++) name = $"{NameOf(method)}{i}";
            names.Add(name);
            text.Append("\n    // ").Append(Comment($"{method.Verb} {method.Path}"));
            text.Append("\n    client[").Append(Text(name)).Append("] = function (params, body, additionalParams) {\n      return send(config, ")
                .Append(Text(method.Verb)).Append(", ").Append(Text(method.IsDefaultRoute ? "/" : method.Path)).Append(", { query: ").Append(Names(method, ParameterLocation.QueryString))
                .Append(", header: ").Append(Names(method, ParameterLocation.Header)).Append(" }, params, body, additionalParams);\n    };\n");
        }

        return text.Append("\n    return client;\n  }\n").Append(Tail).ToString();
    }

    /// <summary>The function of a method: its operation's name, else its path and verb as the service joins them, <c>petsPetIdGet</c>.</summary>
    internal static string NameOf(MethodDefinition method)
    {
        if (method.OperationName is { Length: > 0 } given && IsName(given)) return given;
        var name = new StringBuilder();
        foreach (string part in method.Path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            bool isStart = true;
            foreach (char character in part)
            {
                if (!char.IsAsciiLetterOrDigit(character))
                {
                    isStart = true;
                    continue;
                }

                if (name.Length == 0 && char.IsAsciiDigit(character)) name.Append('_');
                name.Append(isStart && name.Length > 0 ? char.ToUpperInvariant(character) : name.Length == 0 ? char.ToLowerInvariant(character) : character);
                isStart = false;
            }
        }

        if (name.Length == 0) name.Append("root");
        string verb = method.Verb;
        return name.Append(verb[0]).Append(verb[1..].ToLowerInvariant()).ToString();
    }

    private static bool IsName(string text)
    {
        if (!char.IsAsciiLetter(text[0]) && text[0] is not ('_' or '$')) return false;
        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '$')) return false;
        }

        return true;
    }

    private static string Names(MethodDefinition method, ParameterLocation location)
    {
        WireValue names = WireValue.NewList();
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            if (parameter.Location == location) names.Items.Add(WireValue.Of(parameter.Name));
        }

        return names.ToString();
    }

    private static string Text(string text) => WireValue.Of(text).ToString();

    // Nothing in it may end the line.
    private static string Comment(string text) => string.Create(text.Length, text, static (line, from) =>
    {
        for (int i = 0; i < line.Length; i++) line[i] = from[i] is >= ' ' and <= '~' ? from[i] : '?';
    });

    private static string PackageName(ApiDefinition api)
    {
        var name = new StringBuilder();
        foreach (char character in api.Name)
        {
            if (char.IsAsciiLetterOrDigit(character)) name.Append(char.ToLowerInvariant(character));
            else if (name.Length > 0 && name[^1] != '-') name.Append('-');
        }

        string trimmed = name.ToString().Trim('-');
        return (trimmed.Length == 0 ? api.Id : trimmed.Length > 100 ? trimmed[..100] : trimmed) + "-client";
    }

    private static string Readme(List<string> names)
    {
        string first = names.Count > 0 ? names[0] : "rootGet";
        var text = new StringBuilder($$"""
            # A client of the API

            In Node.js 18 and later:

                const apigClientFactory = require('./apigClient.js');

            In a browser: `<script src="apigClient.js"></script>`, after which there is `apigClientFactory`.

                const client = apigClientFactory.newClient({
                  apiKey: '...',        // sent as x-api-key, where methods ask for one
                  invokeUrl: '...'      // where the stage is served, if elsewhere than when this was made
                });
                const answer = await client.{{first}}(params, body, additionalParams);

            `params` has the values of path, query and header parameters by their names. `body` is sent as it is when it is text or bytes, else as JSON.
            `additionalParams` may have `headers`, `queryParams`, `method` (for methods that take any verb) and `signal` (of an AbortController).
            An answer has `status`, `statusText`, `headers` and `data` (parsed when it is JSON); any but 2xx is thrown as an error that has it as `response`.

            Functions:


            """);
        foreach (string name in names) text.Append("- ").Append(name).Append('\n');
        return text.ToString();
    }
}
