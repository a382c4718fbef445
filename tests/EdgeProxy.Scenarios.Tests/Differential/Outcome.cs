using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>What became of odd bytes: how the client was answered, and what came to the origin, a run of bytes for each connection.</summary>
/// <param name="Answers">Statuses of final responses in the order they came, and RST or GOAWAY with its code.</param>
/// <param name="AtOrigin">What each connection to the origin was sent.</param>
internal sealed partial record Outcome(IReadOnlyList<string> Answers, IReadOnlyList<byte[]> AtOrigin)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);

    /// <summary>What the origin read strictly, over all connections.</summary>
    public IReadOnlyList<ReadRequest> Forwarded { get; } = [.. AtOrigin.SelectMany(bytes => OriginReader.Strict.Read(bytes).Requests)];

    /// <summary>Whether any request was answered with success.</summary>
    public bool WasServed => Answers.Any(answer => answer[0] == '2');

    /// <summary>Sends odd HTTP/1.1 through a proxy and waits until both sides are done with it.</summary>
    /// <remarks>
    /// The client leaves once it has as many answers as there should be and has heard nothing more for a moment; what has fewer is held
    /// until the proxy gives it up.
    /// </remarks>
    public static async Task<Outcome> AskHttp1Async(int port, RecordingOrigin origin, OddRequest odd)
    {
        var answers = new List<string>();
        using (Wire client = await Wire.ConnectAsync(port))
        {
            await TrySendAsync(client.SendAsync(odd.Bytes));
            var text = new StringBuilder();
            byte[] buffer = new byte[64 * 1024];
            await ListenAsync(client, answers, Math.Max(1, odd.Forwarded.Count), async () =>
            {
                int count = await client.ReadSomeAsync(buffer);
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
                answers.Clear();
                answers.AddRange(StatusLine().Matches(text.ToString()).Select(match => match.Groups[1].Value).Where(status => status[0] != '1'));
                return count > 0;
            });
        }

        return new Outcome(answers, await origin.TakeAsync());
    }

    /// <summary>Sends odd HTTP/2 through a proxy, as <see cref="AskHttp1Async"/> does HTTP/1.1.</summary>
    public static async Task<Outcome> AskHttp2Async(int port, RecordingOrigin origin, OddRequest odd)
    {
        var answers = new List<string>();
        using (Http2Wire client = await Http2Wire.ConnectAsync(port))
        {
            await TrySendAsync(client.SendAsync(Encoding.Latin1.GetBytes(odd.Bytes)));
            await ListenAsync(client, answers, Math.Max(1, odd.Forwarded.Count), async () =>
            {
                Http2Frame? frame = await client.ReadFrameOrNullAsync();
                if (frame is { Type: Http2Frame.Headers } && frame.Status() >= 200) answers.Add($"{frame.Status()}");
                if (frame is { Type: Http2Frame.Reset, Code: not 0 }) answers.Add($"RST {frame.Code}"); // 0 takes back nothing: no more of the body is wanted
                if (frame is { Type: Http2Frame.GoAway, Code: not 0 }) answers.Add($"GOAWAY {frame.Code}");
                return frame is not null;
            });
        }

        return new Outcome(answers, await origin.TakeAsync());
    }

    /// <summary>The origins that read something else out of the forwarded bytes than the strict one does.</summary>
    public IEnumerable<string> Ambiguities()
    {
        foreach (byte[] bytes in AtOrigin)
        {
            Reading strict = OriginReader.Strict.Read(bytes);
            if (strict.Rest == Leftover.Broken) yield return $"a strict origin cannot read {Printable(bytes)}";
            foreach (OriginReader reader in OriginReader.Lenient)
            {
                Reading other = reader.Read(bytes);
                if (!other.Requests.SequenceEqual(strict.Requests) || other.Rest != strict.Rest)
                {
                    yield return $"an origin that {reader.Name} reads {other} where a strict one reads {strict} in {Printable(bytes)}";
                }
            }
        }
    }

    /// <summary>The cell of a table: the answers, how many requests came through, and whether origins disagree about them.</summary>
    public string Cell()
    {
        string answers = Answers.Count == 0 ? "closed" : string.Join(", ", Answers);
        string forwarded = Forwarded.Count == 0 ? "" : $"; {Forwarded.Count} forwarded";
        return answers + forwarded + (Ambiguities().Any() ? "; **ambiguous**" : "");
    }

    private static async Task TrySendAsync(Task sending)
    {
        try
        {
            await sending;
        }
        catch (SocketException)
        {
            // Refused before all of it was sent.
        }
    }

    /// <summary>Reads until there are enough answers and nothing follows, or the other side closes.</summary>
    private static async Task ListenAsync(IDisposable client, List<string> answers, int expected, Func<Task<bool>> read)
    {
        try
        {
            while (true)
            {
                Task<bool> reading = read();
                if (answers.Count >= expected && await Task.WhenAny(reading, Task.Delay(Quiet)) != reading)
                {
                    client.Dispose(); // which ends the reading
                    await reading;
                    return;
                }

                if (!await reading) return;
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Reset by the proxy, or closed by us.
        }
    }

    private static string Printable(byte[] bytes)
    {
        string text = Encoding.Latin1.GetString(bytes).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return text.Length <= 1000 ? text : text[..1000] + "…";
    }

    [GeneratedRegex(@"HTTP/1\.[01] (\d\d\d)[ \r]")]
    private static partial Regex StatusLine();
}
