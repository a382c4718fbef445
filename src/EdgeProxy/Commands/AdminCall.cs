using System.Runtime.InteropServices;
using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Platform;
using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>One request to a running node's admin listener, with nothing but a socket.</summary>
internal static class AdminCall
{
    /// <summary>Most bytes of an answer.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Asks the node of these settings, saying aloud why there is no answer.</summary>
    /// <param name="sources">Tell where its admin listener is.</param>
    /// <param name="timeout">In nanoseconds.</param>
    /// <param name="method">GET or POST; nothing is sent behind the head.</param>
    /// <param name="target">Path and query, coded.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="body">The answer's body.</param>
    /// <returns>The exit status: Ok when there is an answer, whatever it says.</returns>
    public static int Ask(SettingSources sources, long timeout, string method, string target, TextWriter errors, out int status, out string body)
    {
        status = 0;
        body = "";
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

        byte[] head = AdminHead.Write(settings, Environment.GetEnvironmentVariable, method, target, TimeProvider.System.GetUtcNow());
        if (TryAsk(url, timeout, head, out status, out body, out string wrong)) return ExitStatus.Ok;
        errors.WriteLine($"No answer from {url}: {wrong}.");
        return ExitStatus.Failed;
    }

    private static unsafe bool TryAsk(ListenUrl url, long timeout, byte[] request, out int status, out string body, out string wrong)
    {
        status = 0;
        body = "";
        byte[] address = SocketAddress.Of(url);
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
                if (Native.send(descriptor, bytes, (nuint)request.Length, Native.MSG_NOSIGNAL) != request.Length) return Fail(out wrong);
            }

            byte[] answer = new byte[MostBytes];
            int filled = 0;
            fixed (byte* into = answer)
            {
                while (filled < answer.Length)
                {
                    nint got = Native.recv(descriptor, into + filled, (nuint)(answer.Length - filled), 0);
                    if (got < 0) return Fail(out wrong);
                    if (got == 0) break;
                    filled += (int)got;
                }
            }

            wrong = "what came is not HTTP";
            return TryRead(answer.AsSpan(0, filled), out status, out body);
        }
        finally
        {
            Native.close(descriptor);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> answer, out int status, out string body)
    {
        status = 0;
        body = "";
        int end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0 || !answer.StartsWith("HTTP/1."u8) || answer.Length < 12 || !int.TryParse(answer.Slice(9, 3), out status)) return false;
        body = Encoding.UTF8.GetString(answer[(end + 4)..]).Trim();
        return true;
    }

    private static bool Fail(out string wrong)
    {
        int error = Marshal.GetLastPInvokeError();
        wrong = error == 11 ? "it took too long" : Marshal.GetPInvokeErrorMessage(error);
        return false;
    }
}
