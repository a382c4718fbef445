using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Finds the base path of a document (openapi-and-templates.md 4.2).</summary>
internal static class BasePathReader
{
    /// <summary>The base path as <c>/a/b</c>; null when there is none or it is <c>/</c>.</summary>
    public static string? Read(ImportContext context) => context.IsSwagger ? ReadSwagger(context) : ReadServers(context);

    /// <summary>What a mode puts before every path: <c>/a/b</c>, or nothing.</summary>
    public static string PrefixOf(string? basePath, BasePathMode mode)
    {
        if (basePath is null || mode is BasePathMode.Mount or BasePathMode.Ignore) return "";
        if (mode == BasePathMode.Prepend) return basePath;
        int second = basePath.IndexOf('/', 1);
        return second < 0 ? "" : basePath[second..];
    }

    private static string? ReadSwagger(ImportContext context)
    {
        if (context.Root.Find("basePath") is not { } node || context.Text(node, "basePath") is not { } path) return null;
        return Normalize(path, node, "basePath", context);
    }

    private static string? ReadServers(ImportContext context)
    {
        if (context.Root.Find("servers") is not { } servers || !servers.ExpectSequence("servers", context.Problems)) return null;
        DocumentNode? variable = null;
        foreach (DocumentNode server in servers.Items)
        {
            if (!server.ExpectMapping("An entry of servers", context.Problems)) continue;
            Extensions.Check(server, DocumentPlace.Server, "An entry of servers", ["url", "description", "variables", "name"], context.Problems);
            if (server.Find("url") is { } url) url.ExpectString("url of a server", context.Problems);
            else context.Problems.Error(ProblemCode.Missing, server.Origin, "url of a server is missing. Add it, or remove the entry.");
            if (server.Find("variables") is { } variables && variables.ExpectMapping("variables of a server", context.Problems)) variable ??= variables.Find("basePath");
        }

        if (variable is not null)
        {
            if (!variable.ExpectMapping("The server variable basePath", context.Problems)) return null;
            if (variable.Find("default") is not { } value)
            {
                context.Problems.Error(ProblemCode.Missing, variable.Origin, "The server variable basePath has no default. Add one, for example /v1.");
                return null;
            }

            return context.Text(value, "default of basePath") is { } path ? Normalize(path, value, "default of basePath", context) : null;
        }

        if (servers.Items.Count == 0 || servers.Items[0].Find("url") is not { IsScalar: true } first) return null;
        return Normalize(PathOf(Substitute(first.Text, servers.Items[0].Find("variables"))), first, "url of the first server", context);
    }

    private static string Substitute(string url, DocumentNode? variables)
    {
        if (variables is null) return url;
        foreach (DocumentEntry variable in variables.Entries)
        {
            if (variable.Value.Find("default") is { IsScalar: true } value) url = url.Replace("{" + variable.Name + "}", value.Text, StringComparison.Ordinal);
        }

        return url;
    }

    private static string PathOf(string url)
    {
        int end = url.AsSpan().IndexOfAny('?', '#');
        if (end >= 0) url = url[..end];
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 && !url.StartsWith("//", StringComparison.Ordinal)) return url;
        int slash = url.IndexOf('/', scheme < 0 ? 2 : scheme + 3);
        return slash < 0 ? "" : url[slash..];
    }

    private static string? Normalize(string path, DocumentNode node, string what, ImportContext context)
    {
        string trimmed = path.Trim('/');
        if (trimmed.Length == 0) return null;
        if (trimmed.Split('/').Any(part => !PathSyntax.IsLiteral(part)))
        {
            context.Problems.Error(ProblemCode.BadPath, node.Origin,
                $"{what} gives the base path \"/{trimmed}\", which holds an empty part or characters other than letters, digits and _-.,:~%+. Correct it, for example to /v1.");
            return null;
        }

        return "/" + trimmed;
    }
}
