using System.Runtime.InteropServices;
using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Platform;
using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>One request to a running node's admin listener, with nothing but a socket.</summary>
internal static class AdminCall
{
    /// <summary>Most bytes of an answer.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Most bytes of an answer that holds bodies or definitions.</summary>
    public const int MostLargeBytes = 64 * 1024 * 1024;

    /// <summary>Asks the node of these settings, saying aloud why there is no answer.</summary>
    /// <param name="sources">Tell where its admin listener is.</param>
    /// <param name="timeout">In nanoseconds.</param>
    /// <param name="method">GET or POST; nothing is sent behind the head.</param>
    /// <param name="target">Path and query, coded.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="body">The answer's body.</param>
    /// <param name="content">JSON that is sent behind the head; null for nothing.</param>
    /// <param name="most">Most bytes of the answer.</param>
    /// <returns>The exit status: Ok when there is an answer, whatever it says.</returns>
    public static int Ask(SettingSources sources, long timeout, string method, string target, TextWriter errors, out int status, out string body, byte[]? content = null, int most = MostBytes)
    {
        int exit = Send(sources, timeout, method, target, content, most, errors, out status, out byte[] bytes);
        body = Encoding.UTF8.GetString(bytes).Trim();
        return exit;
    }

    /// <summary>As <see cref="Ask"/>, with a body, and the answer's as it came.</summary>
    /// <param name="sources">Tell where its admin listener is.</param>
    /// <param name="timeout">Between two reads, in nanoseconds.</param>
    /// <param name="method">Upper case.</param>
    /// <param name="target">Path and query, coded.</param>
    /// <param name="sent">The request's body.</param>
    /// <param name="mostBytes">Most bytes of an answer.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="body">The answer's body.</param>
    public static int Send(SettingSources sources, long timeout, string method, string target, ReadOnlySpan<byte> sent, int mostBytes, TextWriter errors, out int status, out byte[] body)
    {
        status = 0;
        body = [];
        var problems = new ProblemList();
        if (SettingsReader.Read(sources, problems) is not { } settings)
        {
            ProblemWriter.WriteText(problems, errors);
            return ExitStatus.InvalidConfiguration;
        }

        if (settings.Admin.Url is not { } url)
        {
            errors.WriteLine("The admin listener is off (admin.url), so there is nothing to ask.");
            return ExitStatus.Failed;
        }

        if (url.IsTls)
        {
            // Its certificate is for a name that this command does not know.
            errors.WriteLine($"The admin listener is at {url}; ask {url}{target} with a client that knows its certificate, or give admin.url an http:// address on loopback.");
            return ExitStatus.Failed;
        }

        byte[] head = AdminHead.Write(settings, Environment.GetEnvironmentVariable, method, target, TimeProvider.System.GetUtcNow(), sent);
        if (TryAsk(url, timeout, [.. head, .. sent], mostBytes, out status, out body, out string wrong)) return ExitStatus.Ok;
        errors.WriteLine($"No answer from {url}: {wrong}.");
        return ExitStatus.Failed;
    }

    /// <summary>Tells that a node did not do what it was asked, and what helps.</summary>
    /// <param name="errors">Gets it.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="body">The answer's body; its <c>message</c> is told, or all of it when it has none.</param>
    public static int TellRefused(TextWriter errors, int status, ReadOnlySpan<byte> body)
    {
        string message = (WireValue.TryParse(body, out WireValue? answer) ? answer.TextOf("message") : null) ?? Encoding.UTF8.GetString(body).Trim();
        errors.WriteLine($"The node answered {status}: {message}");
        if (status == 403) errors.WriteLine("It takes calls that are signed with a key of admin.credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to one with the rights for it, or name the node's settings with -c.");
        return ExitStatus.Failed;
    }

    /// <inheritdoc cref="TellRefused(TextWriter, int, ReadOnlySpan{byte})"/>
    public static int TellRefused(TextWriter errors, int status, string body) => TellRefused(errors, status, Encoding.UTF8.GetBytes(body));

    private static unsafe bool TryAsk(ListenUrl url, long timeout, byte[] request, int mostBytes, out int status, out byte[] body, out string wrong)
    {
        status = 0;
        body = [];
        byte[] address = KernelAddress.Of(url);
        int descriptor = Native.socket(BitConverter.ToUInt16(address), Native.SOCK_STREAM | Native.SOCK_CLOEXEC, 0);
        if (descriptor < 0) return Fail(out wrong);
        try
        {
            // Linux applies the send time-out to connect as well (socket(7)).
            var limit = new Native.TimeValue { Seconds = timeout / 1_000_000_000, Microseconds = timeout / 1000 % 1_000_000 };
            Native.setsockopt(descriptor, Native.SOL_SOCKET, Native.SO_SNDTIMEO, &limit, (uint)sizeof(Native.TimeValue));
            Native.setsockopt(descriptor, Native.SOL_SOCKET, Native.SO_RCVTIMEO, &limit, (uint)sizeof(Native.TimeValue));
            fixed (byte* bytes = address)
            {
                if (Native.connect(descriptor, bytes, (uint)address.Length) < 0) return Fail(out wrong);
            }

            fixed (byte* bytes = request)
            {
                for (int sent = 0; sent < request.Length;)
                {
                    nint taken = Native.send(descriptor, bytes + sent, (nuint)(request.Length - sent), Native.MSG_NOSIGNAL);
                    if (taken <= 0) return Fail(out wrong);
                    sent += (int)taken;
                }
            }

            byte[] answer = new byte[Math.Min(mostBytes, MostBytes)];
            int filled = 0;
            while (true)
            {
                if (filled == answer.Length)
                {
                    if (filled == mostBytes) break;
                    Array.Resize(ref answer, (int)Math.Min(mostBytes, 2L * filled));
                }

                nint got;
                fixed (byte* into = answer) got = Native.recv(descriptor, into + filled, (nuint)(answer.Length - filled), 0);
                if (got < 0) return Fail(out wrong);
                if (got == 0) break;
                filled += (int)got;
            }

            return TryRead(answer.AsSpan(0, filled), out status, out body, out wrong);
        }
        finally
        {
            Native.close(descriptor);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> answer, out int status, out byte[] body, out string wrong)
    {
        status = 0;
        body = [];
        wrong = "what came is not HTTP";
        int end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0 || !answer.StartsWith("HTTP/1."u8) || answer.Length < 12 || !int.TryParse(answer.Slice(9, 3), out status)) return false;
        body = answer[(end + 4)..].ToArray();
        wrong = "not all of it came";
        return body.Length >= LengthOf(answer[..end]);
    }

    // What the head says of the body; 0 when it says nothing.
    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        const string name = "content-length:";
        foreach (Range line in head.Split("\r\n"u8))
        {
            ReadOnlySpan<byte> field = head[line];
            if (field.Length > name.Length && Ascii.EqualsIgnoreCase(field[..name.Length], name) && int.TryParse(field[name.Length..].Trim((byte)' '), out int length)) return length;
        }

        return 0;
    }

    private static bool Fail(out string wrong)
    {
        int error = Marshal.GetLastPInvokeError();
        wrong = error == 11 ? "it took too long" : Marshal.GetPInvokeErrorMessage(error);
        return false;
    }
}
