using System.Text;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.TestKit;

/// <summary>The management API without a listener: calls in, statuses and JSON out. Records are in memory, nothing is served.</summary>
public sealed class ManagementHarness
{
    /// <param name="book">What is there already.</param>
    /// <param name="change">Changes the services, for example to give usage.</param>
    /// <param name="operations">Operations other than those of the product.</param>
    public ManagementHarness(RecordBook? book = null, Func<ManagementServices, ManagementServices>? change = null, IReadOnlyList<Operation>? operations = null)
    {
        var services = new ManagementServices { Store = Store, Publisher = Publisher };
        Api = new ManagementApi(new OperationTable(operations ?? OperationList.All), book ?? RecordBook.Empty, change?.Invoke(services) ?? services, new ManagementOptions(), Clock);
    }

    public MemoryRecordStore Store { get; } = new();

    public RecordingPublisher Publisher { get; } = new();

    public SettableClock Clock { get; } = new();

    public ManagementApi Api { get; }

    public RecordBook Book => Api.Book;

    /// <summary>The answer of the last call as it was sent.</summary>
    public Reply? Last { get; private set; }

    /// <summary>Calls an operation.</summary>
    /// <param name="target">Method, path and query: <c>POST /restapis?mode=import</c>.</param>
    /// <param name="body">The body as text; JSON in most operations. Single quotes are NOT turned into double ones.</param>
    /// <param name="accept">The <c>Accept</c> field.</param>
    /// <returns>The status, and the JSON that was answered; an empty object for none, or when it is no JSON.</returns>
    public (int Status, WireValue Json) Call(string target, string body = "", string accept = "application/json") => Call(target, Encoding.UTF8.GetBytes(body), accept);

    public (int Status, WireValue Json) Call(string target, byte[] body, string accept = "application/json")
    {
        int blank = target.IndexOf(' ', StringComparison.Ordinal);
        string path = target[(blank + 1)..];
        int question = path.IndexOf('?', StringComparison.Ordinal);
        var request = new ManagementRequest(target[..blank], question < 0 ? path : path[..question], question < 0 ? "" : path[(question + 1)..], body)
        {
            Accept = accept,
            RequestId = "11111111-2222-4333-8444-555555555555",
            ClientAddress = "127.0.0.1",
            UserAgent = "harness",
            Host = "127.0.0.1:9080",
        };
        Last = Api.Answer(request, out int status);
        return (status, WireValue.TryParse(Last.Body.Span, out WireValue? json) ? json : WireValue.NewObject());
    }

    /// <summary>Calls an operation that must be done, and gives its JSON.</summary>
    public WireValue Do(string target, string body = "")
    {
        (int status, WireValue json) = Call(target, body);
        return status is >= 200 and < 300 ? json : throw new InvalidOperationException($"{target}: {status} {json}");
    }

    /// <summary>Calls an operation that must fail, and gives <c>404 NotFoundException: Invalid ...</c>.</summary>
    public string Fail(string target, string body = "")
    {
        (int status, WireValue json) = Call(target, body);
        return Last!.Error is { } error ? $"{status} {error}: {json.TextOf("message")}" : throw new InvalidOperationException($"{target} was done: {status} {json}");
    }
}
