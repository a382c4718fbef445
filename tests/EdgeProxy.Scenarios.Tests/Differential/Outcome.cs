using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>What became of odd bytes: how the client was answered, and what came to the origin, a run of bytes for each connection.</summary>
internal sealed partial record Outcome(IReadOnlyList<int> Statuses, IReadOnlyList<byte[]> AtOrigin)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);

    /// <summary>What the origin read strictly, over all connections.</summary>
    public IReadOnlyList<ReadRequest> Forwarded { get; } = [.. AtOrigin.SelectMany(bytes => OriginReader.Strict.Read(bytes).Requests)];

    /// <summary>Sends odd bytes through a proxy and waits until both sides are done with it.</summary>
    /// <remarks>
    /// The client leaves once it has as many answers as there should be and has heard nothing more for a moment; what has fewer is held
    /// until the proxy gives it up.
    /// </remarks>
    public static async Task<Outcome> AskAsync(int port, RecordingOrigin origin, OddRequest odd)
    {
        var statuses = new List<int>();
        using (Wire client = await Wire.ConnectAsync(port))
        {
            try
            {
                await client.SendAsync(odd.Bytes);
            }
            catch (SocketException)
            {
                // Refused before all of it was sent.
            }

            statuses = await ListenAsync(client, Math.Max(1, odd.Forwarded.Count));
        }

        return new Outcome(statuses, await origin.TakeAsync());
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

    /// <summary>The cell of a table: statuses, how many requests came through, and whether origins disagree about them.</summary>
    public string Cell()
    {
        string statuses = Statuses.Count == 0 ? "closed" : string.Join(' ', Statuses);
        string forwarded = Forwarded.Count == 0 ? "" : $", {Forwarded.Count} forwarded";
        return statuses + forwarded + (Ambiguities().Any() ? ", **ambiguous**" : "");
    }

    private static async Task<List<int>> ListenAsync(Wire client, int expected)
    {
        var answers = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        var statuses = new List<int>();
        try
        {
            while (true)
            {
                Task<int> read = client.ReadSomeAsync(buffer);
                if (statuses.Count(status => status >= 200) >= expected && await Task.WhenAny(read, Task.Delay(Quiet)) != read)
                {
                    client.Dispose();
                    await read; // ends with the socket
                    return statuses;
                }

                int count = await read;
                if (count == 0) return statuses;
                answers.Append(Encoding.Latin1.GetString(buffer, 0, count));
                statuses = [.. StatusLine().Matches(answers.ToString()).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return statuses;
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
