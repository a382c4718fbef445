using System.Text;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy test-invoke</c>: has a running node call a method as it is written now, and tells how it went.</summary>
internal static class TestInvokeCommand
{
    public static int Run(TestInvokeOptions options, TextWriter output, TextWriter errors)
    {
        if (BodyOrNull(options, errors) is not { } content) return ExitStatus.WrongUsage;
        int exit = FindResource(options, errors, out string resource);
        if (exit != ExitStatus.Ok) return exit;
        string target = $"/restapis/{Uri.EscapeDataString(options.Api)}/resources/{resource}/methods/{Uri.EscapeDataString(options.Method.ToUpperInvariant())}";
        exit = Ask(options, "POST", target, content.ToBytes(), errors, out WireValue answer, out string body);
        if (exit != ExitStatus.Ok) return exit;
        if (options.Output == OutputForm.Json) output.WriteLine(body);
        else Write(answer, output);
        return ExitStatus.Ok;
    }

    private static void Write(WireValue answer, TextWriter output)
    {
        output.Write(answer.TextOf("log"));
        output.WriteLine();
        output.WriteLine($"{answer["status"]?.Text}, {answer["latency"]?.Text} ms");
        foreach ((string name, WireValue values) in answer.MembersOf("multiValueHeaders"))
        {
            foreach (WireValue value in values.Items) output.WriteLine($"{name}: {value.Text}");
        }

        output.WriteLine();
        output.WriteLine(answer.TextOf("body"));
    }

    /// <summary>Finds the id of the resource at a path, page by page.</summary>
    private static int FindResource(TestInvokeOptions options, TextWriter errors, out string id)
    {
        id = "";
        string position = "";
        do
        {
            string target = $"/restapis/{Uri.EscapeDataString(options.Api)}/resources?limit=500{(position.Length == 0 ? "" : "&position=" + Uri.EscapeDataString(position))}";
            int exit = Ask(options, "GET", target, null, errors, out WireValue page, out _);
            if (exit != ExitStatus.Ok) return exit;
            foreach (WireValue resource in page["item"]?.Items ?? [])
            {
                if (resource.TextOf("path") != options.Resource || resource.TextOf("id") is not { } found) continue;
                id = Uri.EscapeDataString(found);
                return ExitStatus.Ok;
            }

            position = page.TextOf("position") ?? "";
        }
        while (position.Length > 0);
        errors.WriteLine($"The API {options.Api} has no resource {options.Resource}.");
        return ExitStatus.Failed;
    }

    private static int Ask(TestInvokeOptions options, string method, string target, byte[]? content, TextWriter errors, out WireValue answer, out string body)
    {
        answer = WireValue.NewObject();
        int exit = AdminCall.Ask(options.Sources, options.Timeout, method, target, errors, out int status, out body, content, AdminCall.MostLargeBytes);
        if (exit != ExitStatus.Ok) return exit;
        bool isJson = WireValue.TryParse(Encoding.UTF8.GetBytes(body), out WireValue? read);
        if (isJson && status == 200)
        {
            answer = read!;
            return ExitStatus.Ok;
        }

        return AdminCall.TellRefused(errors, status, body);
    }

    private static WireValue? BodyOrNull(TestInvokeOptions options, TextWriter errors)
    {
        WireValue content = WireValue.NewObject().Set("pathWithQueryString", options.Path);
        foreach (string header in options.Headers)
        {
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                errors.WriteLine($"--header '{header}': write it as Name: value.");
                return null;
            }

            content.ObjectAt("multiValueHeaders").ListAt(header[..colon].Trim()).Items.Add(WireValue.Of(header[(colon + 1)..].Trim()));
        }

        foreach (string variable in options.StageVariables)
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                errors.WriteLine($"--stage-variable '{variable}': write it as name=value.");
                return null;
            }

            content.ObjectAt("stageVariables").Set(variable[..equals], variable[(equals + 1)..]);
        }

        if (options.Body is not { } given) return content;
        if (!given.StartsWith('@')) return content.Set("body", given);
        try
        {
            return content.Set("body", File.ReadAllText(Path.Combine(options.WorkingDirectory, given[1..])));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"{given[1..]} cannot be read: {FileFailure.ReasonOf(exception)}.");
            return null;
        }
    }
}
