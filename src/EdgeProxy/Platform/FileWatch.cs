using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace EdgeProxy.Platform;

/// <summary>Tells when the content of some files, or what some folders hold, has changed, by whatever way: written in place, replaced by rename, a link swapped.</summary>
/// <remarks>
/// inotify on the directories, not on the files, because a rename puts another file in their place. Events are a hint only: when they have
/// been quiet for a moment the contents are hashed, and only another content counts. So a touch costs nothing, and a half-written file
/// is usually not seen.
/// </remarks>
internal sealed unsafe class FileWatch : IDisposable
{
    private const uint Mask = Native.IN_CLOSE_WRITE | Native.IN_MOVED_TO | Native.IN_MOVED_FROM | Native.IN_CREATE | Native.IN_DELETE | Native.IN_ONLYDIR;

    private readonly Action _changed;
    private readonly int _quietMilliseconds;
    private readonly int _inotify;
    private readonly int _end;
    private readonly Thread _thread;
    private readonly object _gate = new();
    // By watch: the names that matter; null for any.
    private readonly Dictionary<int, HashSet<string>?> _names = [];

    // By path; a folder's ends with a slash.
    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    private volatile bool _disposed;

    /// <param name="changed">Called on the watch's own thread.</param>
    /// <param name="quietMilliseconds">How long the directories must be quiet first.</param>
    public FileWatch(Action changed, int quietMilliseconds = 100)
    {
        _changed = changed;
        _quietMilliseconds = quietMilliseconds;
        _inotify = Native.inotify_init1(Native.IN_CLOEXEC | Native.IN_NONBLOCK);
        _end = Native.eventfd(0, Native.EFD_CLOEXEC);
        _thread = new Thread(Run) { IsBackground = true, Name = "file watch" };
        if (IsActive) _thread.Start();
    }

    /// <summary>Whether the kernel lets us watch; if not, only SIGHUP reloads.</summary>
    public bool IsActive => _inotify >= 0 && _end >= 0;

    /// <summary>Sets the files and folders to watch. What they hold now is what a change is measured against; call it before reading them.</summary>
    /// <param name="files">Whose contents matter.</param>
    /// <param name="folders">Of which it matters which names they hold.</param>
    public void Watch(IReadOnlyCollection<string> files, IReadOnlyCollection<string>? folders = null)
    {
        if (!IsActive) return;
        HashSet<string> paths = [.. files, .. (folders ?? []).Select(folder => folder.TrimEnd('/') + "/")];
        lock (_gate)
        {
            foreach (string gone in _contents.Keys.Where(path => !paths.Contains(path)).ToArray()) _contents.Remove(gone);
            foreach (string path in paths) _contents[path] = HashOf(path);

            Arrange();
        }
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (!IsActive) return;

        // The thread must be done with the descriptors before they are closed.
        ulong one = 1;
        Native.write(_end, &one, sizeof(ulong));
        _thread.Join();
        Native.close(_inotify);
        Native.close(_end);
    }

    private static byte[] HashOf(string path)
    {
        try
        {
            if (path.EndsWith('/')) return XxHash128.Hash(Encoding.UTF8.GetBytes(string.Join('\n', Directory.EnumerateFileSystemEntries(path).Order(StringComparer.Ordinal))));

            // Not a cryptographic hash: whoever can write the file need not collide with it.
            using FileStream stream = File.OpenRead(path);
            var hash = new XxHash128();
            hash.Append(stream);
            return hash.GetCurrentHash();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // The links may lead elsewhere after every change, so all is arranged anew. Adding a directory again gives the same watch.
    private void Arrange()
    {
        var names = new Dictionary<int, HashSet<string>?>();
        foreach (string path in _contents.Keys)
        {
            foreach ((string directory, string name) in WatchedPath.Of(path))
            {
                int watch = Add(directory);
                if (watch < 0) continue;
                if (!names.TryGetValue(watch, out HashSet<string>? inDirectory)) names[watch] = inDirectory = new HashSet<string>(StringComparer.Ordinal);
                inDirectory?.Add(name);
            }

            if (path.EndsWith('/') && Add(path) is >= 0 and var folder) names[folder] = null;
        }

        foreach (int watch in _names.Keys.Where(watch => !names.ContainsKey(watch))) Native.inotify_rm_watch(_inotify, watch);
        _names.Clear();
        foreach ((int watch, HashSet<string>? inDirectory) in names) _names[watch] = inDirectory;
    }

    private int Add(string directory)
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(directory + "\0")) return Native.inotify_add_watch(_inotify, path, Mask);
    }

    private void Run()
    {
        bool pending = false;
        Native.PollEntry* entries = stackalloc Native.PollEntry[2];
        while (!_disposed)
        {
            entries[0] = new Native.PollEntry { Descriptor = _inotify, Events = Native.POLLIN };
            entries[1] = new Native.PollEntry { Descriptor = _end, Events = Native.POLLIN };
            int ready = Native.poll(entries, 2, pending ? _quietMilliseconds : -1);
            if (_disposed) return;
            if (ready > 0)
            {
                pending |= ReadEvents();
            }
            else if (pending)
            {
                pending = false;
                if (Compare()) _changed();
            }
        }
    }

    private bool ReadEvents()
    {
        bool relevant = false;
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            nint count;
            fixed (byte* into = buffer) count = Native.read(_inotify, into, (nuint)buffer.Length);
            if (count <= 0) return relevant;
            lock (_gate)
            {
                // struct inotify_event: watch, mask, cookie, length of the name, name padded with zeros.
                for (ReadOnlySpan<byte> left = buffer.AsSpan(0, (int)count); left.Length >= 16;)
                {
                    int watch = BinaryPrimitives.ReadInt32LittleEndian(left);
                    int length = BinaryPrimitives.ReadInt32LittleEndian(left[12..]);
                    ReadOnlySpan<byte> name = left.Slice(16, length);
                    int end = name.IndexOf((byte)0);
                    string text = Encoding.UTF8.GetString(end < 0 ? name : name[..end]);

                    // Watch -1 says that events were lost: then anything may have happened.
                    relevant |= watch < 0 || (_names.TryGetValue(watch, out HashSet<string>? names) && (names is null || names.Contains(text)));
                    left = left[(16 + length)..];
                }
            }
        }
    }

    private bool Compare()
    {
        lock (_gate)
        {
            bool changed = false;
            foreach (string file in _contents.Keys.ToArray())
            {
                byte[] now = HashOf(file);

                // A file that is gone for the moment is on its way to be replaced; the next event tells.
                if (now.Length == 0 || now.AsSpan().SequenceEqual(_contents[file])) continue;
                _contents[file] = now;
                changed = true;
            }

            Arrange();
            return changed;
        }
    }
}
