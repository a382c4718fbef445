// The one file that binds the scenarios of this folder to what runs them. With NBomber in its place it would say
//   global using NBomber.Contracts; global using NBomber.Contracts.Stats; global using NBomber.CSharp;
// and Node would send with HttpClient and wrap the answer by Response.Ok and Response.Fail.
global using EdgeProxy.Load.Vocabulary;

using EdgeProxy.Load.Driving;

namespace EdgeProxy.Load.Scenarios;

/// <summary>The node under load.</summary>
/// <param name="client">Sends.</param>
/// <param name="url">Where the APIs begin.</param>
internal sealed class Node(LoadClient client, string url)
{
    private const int MostRemembered = 10_000;
    private readonly Dictionary<string, LoadRequest> _requests = new(StringComparer.Ordinal);

    /// <summary>A GET. Its status is told as a number (<c>200</c>), or as what went wrong (<c>connect</c>, <c>reset</c>, <c>time-out</c>...); 2xx and 3xx count as ok.</summary>
    /// <param name="path">With its query.</param>
    /// <param name="field">A header field, <c>Name: value</c>; empty for none.</param>
    public Task<Response<object>> Get(string path, string field = "")
    {
        string key = field.Length == 0 ? path : path + "\n" + field;
        if (!_requests.TryGetValue(key, out LoadRequest? request))
        {
            request = LoadRequest.Create("GET", url + path, field.Length == 0 ? [] : [field]);
            if (_requests.Count < MostRemembered) _requests.Add(key, request);
        }

        return client.SendAsync(request);
    }
}
