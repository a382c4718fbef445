using System.Net.Http;
using System.Text;

namespace EdgeProxy.Bootstrap;

/// <summary>A custom runtime and its function in one, as the developer guide has it: compiled to a native <c>bootstrap</c> by the scenario tests.</summary>
internal static class Program
{
    private static async Task Main()
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        string api = $"http://{Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API")}/2018-06-01/runtime/invocation";
        while (true)
        {
            using HttpResponseMessage next = await http.GetAsync($"{api}/next");
            next.EnsureSuccessStatusCode();
            string id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single();
            string invoked = await next.Content.ReadAsStringAsync();
            bool fails = invoked.Contains("\"fail\"", StringComparison.Ordinal);
            Console.WriteLine($"native function at {id}");
            using var answer = new StringContent(
                fails ? """{"errorType":"Asked","errorMessage":"as asked"}""" : """{"statusCode":200,"headers":{"x-runtime":"native"},"body":"from C#"}""",
                Encoding.UTF8,
                "application/json");
            using HttpResponseMessage taken = await http.PostAsync($"{api}/{id}/{(fails ? "error" : "response")}", answer);
            taken.EnsureSuccessStatusCode();
        }
    }
}
