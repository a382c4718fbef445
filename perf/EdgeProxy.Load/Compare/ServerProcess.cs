using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Compare;

/// <summary>A server that was started here and is stopped here, with all its children, by process id.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int SignalTerminate = 15;
    private const int SignalKill = 9;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(3);
    private readonly Process _process;
    private readonly List<string> _lines = [];

    private ServerProcess(Process process) => _process = process;

    /// <summary>Process id of the first process; <c>taskset</c> becomes the program it starts.</summary>
    public int Id => _process.Id;

    /// <summary>The first line it printed, once there is one.</summary>
    public string? FirstLine
    {
        get
        {
            lock (_lines) return _lines.Count > 0 ? _lines[0] : null;
        }
    }

    /// <summary>The last line it printed.</summary>
    public string LastLine
    {
        get
        {
            lock (_lines) return _lines.LastOrDefault() ?? "";
        }
    }

    /// <summary>The most resident memory the first process has had.</summary>
    public long PeakResidentBytes => ProcessTree.PeakResidentBytes(Id);

    /// <summary>The last lines it printed.</summary>
    public string LastLines
    {
        get
        {
            lock (_lines) return string.Join(" / ", _lines.TakeLast(5));
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>CPU time used so far, in nanoseconds, by it and its children.</summary>
    public long CpuNanoseconds => ProcessTree.CpuNanoseconds(Id);

    /// <summary>Resident memory of it and its children.</summary>
    public long ResidentBytes => ProcessTree.ResidentBytes(Id);

    /// <summary>Starts a program, bound to the processors given.</summary>
    public static ServerProcess Start(string program, IEnumerable<string> arguments, string? processors, string directory)
    {
        ProcessStartInfo start = new(processors is null ? program : "taskset")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory,
        };
        if (processors is not null)
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(processors);
            start.ArgumentList.Add(program);
        }

        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        ServerProcess server = new(Process.Start(start) ?? throw new IOException($"cannot start {program}"));
        server._process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        int listener = TcpSocket.Listen(IPAddress.Loopback, 0, out int port);
        TcpSocket.Close(listener);
        return port;
    }

    /// <summary>Asks until the answer is 200; false after the time allowed or when the process ended.</summary>
    public bool WaitUntilServing(int port, string path, TimeSpan within)
    {
        long until = Stopwatch.GetTimestamp() + (long)within.TotalNanoseconds;
        while (Stopwatch.GetTimestamp() < until && !_process.HasExited)
        {
            if (Answers200(port, path)) return true;
            Thread.SpinWait(2000); // some tens of microseconds: the start is measured with this too
        }

        return false;
    }

    /// <summary>One request on a new connection.</summary>
    public static bool Answers200(int port, string path)
    {
        try
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 2000 };
            socket.Connect(IPAddress.Loopback, port);
            socket.Send(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"));
            byte[] answer = new byte[64];
            int received = socket.Receive(answer);
            return answer.AsSpan(0, received).StartsWith("HTTP/1.1 200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Waits for its first line.</summary>
    /// <exception cref="IOException">It ended, or printed none in time.</exception>
    public string WaitForLine(TimeSpan within) => WaitForLine(0, within);

    /// <summary>Gives it a line and waits for the one with which it answers.</summary>
    /// <exception cref="IOException">It ended, or did not answer in time.</exception>
    public string Ask(string line, TimeSpan within)
    {
        int before;
        lock (_lines) before = _lines.Count;
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return WaitForLine(before, within);
    }

    private string WaitForLine(int index, TimeSpan within)
    {
        long until = Stopwatch.GetTimestamp() + (long)within.TotalNanoseconds;
        while (Stopwatch.GetTimestamp() < until)
        {
            bool ended = _process.HasExited;
            lock (_lines)
            {
                if (_lines.Count > index) return _lines[index];
            }

            if (ended) break;
            Thread.Sleep(2);
        }

        throw new IOException($"no answer from {_process.StartInfo.FileName}: {LastLines}");
    }

    public void Signal(int signal) => _ = Libc.Kill(Id, signal);

    public void Dispose()
    {
        IReadOnlyList<int> members = ProcessTree.Members(Id);
        if (!_process.HasExited)
        {
            Signal(SignalTerminate);
            _process.WaitForExit(StopWithin);
        }

        // Those that are still there, children whose parent has gone included.
        foreach (int member in members.Where(member => Directory.Exists($"/proc/{member}"))) _ = Libc.Kill(member, SignalKill);
        if (!_process.HasExited) _process.WaitForExit(StopWithin);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            if (_lines.Count < 1000) _lines.Add(line);
        }
    }
}
