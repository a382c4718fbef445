using System.Runtime.InteropServices;

namespace EdgeProxy.Lambda.Workers;

/// <summary>One thread that reads the output of all workers, so that neither a loop nor a thread each waits for it.</summary>
internal sealed class OutputPump : IDisposable
{
    private readonly List<Entry> _entries = [];
    private readonly List<Entry> _added = [];
    private readonly Lock _gate = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly int _wake = Native.OpenEvent();
    private Thread? _thread;
    private bool _stopping;

    /// <summary>Reads a pipe until its end, or until <see cref="Close"/>. Any thread.</summary>
    /// <param name="pipe">The pump's from now on.</param>
    /// <param name="lines">Gets what comes, on the pump's thread.</param>
    /// <param name="tail">Keeps the last of it.</param>
    public object Add(SafeHandle pipe, OutputLines lines, LogTail tail)
    {
        var entry = new Entry(pipe, lines, tail);
        lock (_gate)
        {
            _added.Add(entry);
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "functions' output" };
                _thread.Start();
            }
        }

        Native.Raise(_wake);
        return entry;
    }

    /// <summary>Reads what is there and no more: something may keep the pipe open that outlived its process. Any thread.</summary>
    public void Close(object entry)
    {
        Volatile.Write(ref ((Entry)entry).IsClosing, true);
        Native.Raise(_wake);
    }

    public void Dispose()
    {
        Volatile.Write(ref _stopping, true);
        Native.Raise(_wake);
        if (_thread?.Join(TimeSpan.FromSeconds(5)) != false) Native.Close(_wake);
    }

    private void Run()
    {
        Native.PollEntry[] polled = [];
        while (!Volatile.Read(ref _stopping))
        {
            lock (_gate)
            {
                _entries.AddRange(_added);
                _added.Clear();
            }

            if (polled.Length != _entries.Count + 1) polled = new Native.PollEntry[_entries.Count + 1];
            polled[0] = new Native.PollEntry { Descriptor = _wake, Wanted = Native.PollIn };
            bool closing = false;
            for (int i = 0; i < _entries.Count; i++)
            {
                polled[i + 1] = new Native.PollEntry { Descriptor = (int)_entries[i].Pipe.DangerousGetHandle(), Wanted = Native.PollIn };
                closing |= Volatile.Read(ref _entries[i].IsClosing);
            }

            Native.Poll(polled, closing ? 0 : -1);
            if (polled[0].Happened != 0) Native.Lower(_wake);
            for (int i = _entries.Count - 1; i >= 0; i--) Read(_entries[i], polled[i + 1].Happened != 0, i);
        }

        foreach (Entry entry in _entries) entry.Pipe.Dispose();
    }

    private void Read(Entry entry, bool hasInput, int index)
    {
        if (hasInput)
        {
            int count = Native.Read(entry.Pipe, _buffer);
            if (count > 0)
            {
                entry.Tail.Append(_buffer.AsSpan(0, count));
                entry.Lines.Append(_buffer.AsSpan(0, count));
                return;
            }
        }
        else if (!Volatile.Read(ref entry.IsClosing))
        {
            return;
        }

        entry.Lines.End();
        entry.Pipe.Dispose();
        _entries.RemoveAt(index);
    }

    private sealed class Entry(SafeHandle pipe, OutputLines lines, LogTail tail)
    {
        public readonly SafeHandle Pipe = pipe;
        public readonly OutputLines Lines = lines;
        public readonly LogTail Tail = tail;
        public bool IsClosing;
    }
}
