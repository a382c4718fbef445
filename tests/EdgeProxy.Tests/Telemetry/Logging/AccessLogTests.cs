using System.Text;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Tests.Telemetry.Logging;

public sealed class AccessLogTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("edgeproxy-log-");
    private readonly MetricRegistry _registry = new(stripes: 4);
    private readonly LogMetrics _metrics;

    public AccessLogTests() => _metrics = new LogMetrics(_registry);

    private string LogPath => Path.Combine(_directory.FullName, "access.log");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Writes_every_line_of_every_loop_in_the_loops_order()
    {
        const int Loops = 3;
        const int Lines = 20_000;
        using AccessLog log = Open(Loops, new AccessLogOptions { MaxRecords = int.MaxValue });
        var threads = new List<Thread>();
        for (int i = 0; i < Loops; i++)
        {
            int loop = i;
            threads.Add(new Thread(() =>
            {
                AccessLogProducer producer = log.Producer(loop);
                for (int n = 0; n < Lines; n++) Put(producer, $"{loop} {n}", now: n);
                producer.Flush();
            }));
        }

        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.True(log.FlushAndStop(s_patience));

        string[] lines = File.ReadAllLines(LogPath);
        Assert.Equal(Loops * Lines, lines.Length);
        int[] next = new int[Loops];
        foreach (string line in lines)
        {
            string[] parts = line.Split(' ');
            int loop = int.Parse(parts[0]);
            Assert.Equal(next[loop]++, int.Parse(parts[1]));
        }

        Assert.Equal(0, Dropped("file"));
    }

    [Fact]
    public void Appends_to_what_is_there_with_a_mode_that_only_owner_and_group_can_read()
    {
        File.WriteAllText(LogPath + ".old", "");
        using (AccessLog log = Open(1))
        {
            Put(log.Producer(0), "one", 0);
            Assert.True(log.FlushAndStop(s_patience));
        }

        using (AccessLog log = Open(1))
        {
            Put(log.Producer(0), "two", 0);
            Assert.True(log.FlushAndStop(s_patience));
        }

        Assert.Equal("one\ntwo\n", File.ReadAllText(LogPath));
        UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.GroupWrite;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(LogPath) & others);
    }

    [Fact]
    public void Hands_over_a_chunk_when_it_is_a_second_old_and_not_before()
    {
        using AccessLog log = Open(1);
        AccessLogProducer producer = log.Producer(0);
        Assert.Equal(long.MaxValue, producer.Due);
        Put(producer, "line", now: 500);
        Assert.Equal(1_000_000_500, producer.Due);
        producer.Tick(1_000_000_499);
        Assert.Equal(1_000_000_500, producer.Due);
        producer.Tick(1_000_000_500);
        Assert.Equal(long.MaxValue, producer.Due);
        WaitFor(() => File.ReadAllText(LogPath) == "line\n");
    }

    [Fact]
    public void Writes_to_a_new_file_after_reopen()
    {
        using AccessLog log = Open(1);
        AccessLogProducer producer = log.Producer(0);
        Put(producer, "before", 0);
        producer.Flush();
        WaitFor(() => File.ReadAllText(LogPath) == "before\n");
        File.Move(LogPath, LogPath + ".1");
        log.Reopen();
        WaitFor(() => File.Exists(LogPath));
        Put(producer, "after", 0);
        Assert.True(log.FlushAndStop(s_patience));
        Assert.Equal("before\n", File.ReadAllText(LogPath + ".1"));
        Assert.Equal("after\n", File.ReadAllText(LogPath));
    }

    [Fact]
    public void Keeps_the_old_file_when_the_new_one_cannot_be_opened()
    {
        using AccessLog log = Open(1);
        AccessLogProducer producer = log.Producer(0);
        string moved = LogPath + ".1";
        File.Move(LogPath, moved);
        Directory.CreateDirectory(LogPath);
        log.Reopen();
        WaitFor(() => _metrics.WriteErrors.With("file", "access").Value == 1);
        Put(producer, "still here", 0);
        Assert.True(log.FlushAndStop(s_patience));
        Assert.Equal("still here\n", File.ReadAllText(moved));
    }

    [Fact]
    public void Drops_the_oldest_and_counts_them_when_the_sink_does_not_keep_up()
    {
        // A pipe nobody reads from: the writer blocks in its first write for as long as the test wants.
        using var pipe = new Fifo(LogPath);
        var options = new AccessLogOptions { Path = LogPath, ChunkBytes = 1024, MaxBytes = 8 * 1024, MaxRecords = 1_000_000 };
        using var log = new AccessLog(1, options, _metrics, NullLogger.Instance);
        AccessLogProducer producer = log.Producer(0);
        const int Lines = 20_000; // 200 KB: more than a pipe holds and all chunks together
        for (int n = 0; n < Lines; n++) Put(producer, n.ToString("D9"), n);
        Assert.InRange(Dropped("file"), 1, Lines);

        string[] lines = pipe.ReadToEndAfter(() => Assert.True(log.FlushAndStop(s_patience)));
        Assert.Equal(Lines - Dropped("file"), lines.Length);
        Assert.Equal((Lines - 1).ToString("D9"), lines[^1]);
        Assert.Equal(lines.Order(StringComparer.Ordinal), lines);
    }

    [Fact]
    public void Drops_by_the_number_of_records_too()
    {
        using var pipe = new Fifo(LogPath);
        var options = new AccessLogOptions { Path = LogPath, ChunkBytes = 1024, MaxRecords = 300 };
        using var log = new AccessLog(1, options, _metrics, NullLogger.Instance);
        AccessLogProducer producer = log.Producer(0);
        for (int n = 0; n < 20_000; n++) Put(producer, n.ToString("D9"), n);

        // What was not dropped is in the pipe (64 KB), with the writer, waiting (300) or still open.
        Assert.InRange(Dropped("file"), 20_000 - 6554 - 103 - 300 - 103, 20_000);
        string[] lines = pipe.ReadToEndAfter(() => Assert.True(log.FlushAndStop(s_patience)));
        Assert.Equal(20_000 - Dropped("file"), lines.Length);
    }

    [Fact]
    public void Gives_up_on_a_stuck_sink_when_the_drain_time_is_over()
    {
        using var pipe = new Fifo(LogPath);
        var log = new AccessLog(1, new AccessLogOptions { Path = LogPath }, _metrics, NullLogger.Instance);
        AccessLogProducer producer = log.Producer(0);
        for (int n = 0; n < 20_000; n++) Put(producer, n.ToString("D9"), n);
        Assert.False(log.FlushAndStop(TimeSpan.FromMilliseconds(20)));
        pipe.ReadToEndAfter(() => Assert.True(log.FlushAndStop(s_patience)));
        log.Dispose();
    }

    [Fact]
    public void Counts_records_lost_to_a_full_disk_and_goes_on()
    {
        const string Full = "/dev/full"; // every write answers ENOSPC
        using var log = new AccessLog(1, new AccessLogOptions { Path = Full }, _metrics, NullLogger.Instance);
        AccessLogProducer producer = log.Producer(0);
        Put(producer, "one", 0);
        Put(producer, "two", 0);
        producer.Flush();
        WaitFor(() => Dropped("file") == 2);
        Put(producer, "three", 0);
        Assert.True(log.FlushAndStop(s_patience));
        Assert.Equal(3, Dropped("file"));
        Assert.Equal(2, _metrics.WriteErrors.With("file", "access").Value);
    }

    [Fact]
    public void Takes_a_record_longer_than_a_chunk_and_refuses_one_over_a_megabyte()
    {
        using AccessLog log = Open(1, new AccessLogOptions { ChunkBytes = 1024 });
        AccessLogProducer producer = log.Producer(0);
        string big = new('x', 5000);
        Put(producer, "a", 0);
        Put(producer, big, 0);
        Put(producer, "b", 0);
        Assert.True(producer.Reserve(AccessLogProducer.MaxRecordBytes + 1).IsEmpty);
        Assert.Equal(1, Dropped("file"));
        Assert.Equal(AccessLogProducer.MaxRecordBytes, producer.Reserve(AccessLogProducer.MaxRecordBytes).Length);
        producer.Commit(0, 0);
        Assert.True(log.FlushAndStop(s_patience));
        Assert.Equal($"a\n{big}\nb\n", File.ReadAllText(LogPath));
    }

    [Fact]
    public void Lets_a_line_that_turned_out_longer_start_over()
    {
        using AccessLog log = Open(1, new AccessLogOptions { ChunkBytes = 1024 });
        AccessLogProducer producer = log.Producer(0);
        producer.Reserve(10).Fill((byte)'x');
        Put(producer, new string('y', 2000), 0);
        Assert.True(log.FlushAndStop(s_patience));
        Assert.Equal(new string('y', 2000) + "\n", File.ReadAllText(LogPath));
    }

    [Fact]
    public void Refuses_to_commit_more_than_was_reserved()
    {
        using AccessLog log = Open(1);
        AccessLogProducer producer = log.Producer(0);
        producer.Reserve(4);
        Assert.Throws<ArgumentOutOfRangeException>(() => producer.Commit(5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => producer.Commit(-1, 0));
    }

    [Fact]
    public void Allocates_nothing_on_the_loop_in_steady_state()
    {
        using AccessLog log = Open(1, new AccessLogOptions { ChunkBytes = 1024, MaxBytes = 16 * 1024 });
        AccessLogProducer producer = log.Producer(0);
        byte[] line = "0123456789 0123456789 0123456789\n"u8.ToArray();
        long last = -1;
        for (int round = 0; round < 200; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int n = 0; n < 1000; n++)
            {
                line.CopyTo(producer.Reserve(line.Length));
                producer.Commit(line.Length, n);
                producer.Tick(n);
            }

            last = GC.GetAllocatedBytesForCurrentThread() - before;
            if (last == 0) break;
        }

        // Once every chunk of the share exists, only reuse is left.
        Assert.Equal(0, last);
    }

    [Fact]
    public void Says_at_once_that_a_file_cannot_be_opened()
    {
        var options = new AccessLogOptions { Path = Path.Combine(_directory.FullName, "missing", "access.log") };
        IOException exception = Assert.Throws<IOException>(() => new AccessLog(1, options, _metrics, NullLogger.Instance));
        Assert.Contains("missing/access.log", exception.Message, StringComparison.Ordinal);
    }

    private static void Put(AccessLogProducer producer, string line, long now)
    {
        Span<byte> room = producer.Reserve(line.Length + 1);
        int written = Encoding.ASCII.GetBytes(line, room);
        room[written] = (byte)'\n';
        producer.Commit(written + 1, now);
    }

    private static void WaitFor(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, s_patience));

    private AccessLog Open(int loops, AccessLogOptions? options = null)
    {
        return new AccessLog(loops, (options ?? new AccessLogOptions()) with { Path = LogPath }, _metrics, NullLogger.Instance);
    }

    private long Dropped(string sink) => _metrics.Dropped.With(sink, "access").Value;
}
