using System.Globalization;

namespace EdgeProxy.Platform;

/// <summary>Sockets passed by systemd (sd_listen_fds(3)).</summary>
internal static class SocketActivation
{
    private const int FirstDescriptor = 3;
    private const int Most = 256;

    /// <summary>The sockets meant for this process; none when the variables are absent, wrong, or meant for another one.</summary>
    public static IReadOnlyList<InheritedSocket> Read(IReadOnlyDictionary<string, string> environment, int processId)
    {
        if (!int.TryParse(environment.GetValueOrDefault("LISTEN_PID"), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) || pid != processId) return [];
        if (!int.TryParse(environment.GetValueOrDefault("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > Most) return [];
        string[] names = environment.GetValueOrDefault("LISTEN_FDNAMES", "").Split(':');
        var sockets = new InheritedSocket[count];
        for (int i = 0; i < count; i++)
        {
            // systemd itself writes "unknown" where the unit gives no name.
            string name = i < names.Length && names[i] != "unknown" ? names[i] : "";
            sockets[i] = new InheritedSocket(FirstDescriptor + i, name);
        }

        return sockets;
    }

    /// <summary>
    /// Gives each listener its socket: by name first, and sockets without a usable name to the listeners still without one, in order.
    /// </summary>
    /// <param name="sockets">What was passed.</param>
    /// <param name="listeners">The names of the listeners, in order.</param>
    /// <param name="unused">Sockets that no listener is there for.</param>
    /// <returns>The descriptor for each listener that has one.</returns>
    public static IReadOnlyDictionary<string, int> Assign(IReadOnlyList<InheritedSocket> sockets, IReadOnlyList<string> listeners, out IReadOnlyList<InheritedSocket> unused)
    {
        var assigned = new Dictionary<string, int>(StringComparer.Ordinal);
        var left = new List<InheritedSocket>();
        foreach (InheritedSocket socket in sockets)
        {
            if (!listeners.Contains(socket.Name, StringComparer.Ordinal) || !assigned.TryAdd(socket.Name, socket.Descriptor)) left.Add(socket);
        }

        var spare = new List<InheritedSocket>();
        using IEnumerator<string> free = listeners.Where(name => !assigned.ContainsKey(name)).ToList().GetEnumerator();
        foreach (InheritedSocket socket in left)
        {
            // The unit's own name (edgeproxy.socket) is what a socket is called when nobody named it.
            bool unnamed = socket.Name.Length == 0 || socket.Name.EndsWith(".socket", StringComparison.Ordinal);
            if (unnamed && free.MoveNext()) assigned.Add(free.Current, socket.Descriptor);
            else spare.Add(socket);
        }

        unused = spare;
        return assigned;
    }

    /// <summary>Takes the variables out of our environment, so that a child does not take our sockets for its own.</summary>
    public static void Forget()
    {
        foreach (string name in (ReadOnlySpan<string>)["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"]) Environment.SetEnvironmentVariable(name, null);
    }
}
