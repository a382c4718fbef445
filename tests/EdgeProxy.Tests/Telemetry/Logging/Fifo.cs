using System.Runtime.InteropServices;
using System.Text;

namespace EdgeProxy.Tests.Telemetry.Logging;

/// <summary>A named pipe that is open for reading but not read until a test wants it: a sink that is stuck.</summary>
internal sealed partial class Fifo : IDisposable
{
    private readonly FileStream _reader;

    public Fifo(string path)
    {
        Assert.Equal(0, mkfifo(path, 0b110_000_000));

        // Read and write, so that opening does not wait for the other side, and neither does the writer's.
        _reader = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }

    /// <summary>Reads on another thread while <paramref name="finish"/> makes the writer end; returns all lines.</summary>
    public string[] ReadToEndAfter(Action finish)
    {
        const string End = "the end of the test\n";
        var text = new StringBuilder();
        var reader = new Thread(() =>
        {
            var buffer = new byte[4096];
            while (!EndsWith(text, End))
            {
                int count = _reader.Read(buffer, 0, buffer.Length);
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
        });
        reader.Start();
        finish();
        _reader.Write(Encoding.ASCII.GetBytes(End));
        reader.Join();
        text.Length -= End.Length;
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => _reader.Dispose();

    private static bool EndsWith(StringBuilder text, string end)
    {
        return text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);
}
