using EdgeProxy.Commands;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process;

/// <summary>A folder with settings and documents for commands to read.</summary>
internal sealed class Workspace : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("edgeproxy-work-").FullName;

    /// <summary>A document with one mock route for each path.</summary>
    public static string Api(string title, params string[] paths) =>
        $"openapi: 3.0.1\ninfo: {{ title: {title}, version: '1' }}\npaths:\n" + string.Concat(paths.Select(path => $$"""
              {{path}}:
                get:
                  responses: { '200': { description: ok } }
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: { application/json: '{"statusCode": 200}' }
                    responses: { default: { statusCode: '200' } }

            """));

    public string Write(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public RunOptions Options(string? settings = null, params string[] files)
    {
        if (settings is not null) Write("edgeproxy.yaml", settings);
        return new RunOptions { Sources = new SettingSources { File = settings is null ? null : "edgeproxy.yaml", ApiFiles = files, WorkingDirectory = Folder } };
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
