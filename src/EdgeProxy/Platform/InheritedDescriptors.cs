using System.Runtime.InteropServices;
using EdgeProxy.Transport.Listeners;

namespace EdgeProxy.Platform;

/// <summary>Makes listener sockets of a descriptor that the service manager passed.</summary>
internal static class InheritedDescriptors
{
    /// <summary>One socket for each loop, all of them the same kernel socket; each has a descriptor of its own to close.</summary>
    /// <returns>Null when the descriptor is no listening stream socket; <paramref name="wrong"/> then says so.</returns>
    public static unsafe ListenerSocket[]? Share(int descriptor, int count, out string wrong)
    {
        int accepting = 0;
        int type = 0;
        uint length = sizeof(int);
        bool isSocket = Native.getsockopt(descriptor, Native.SOL_SOCKET, Native.SO_ACCEPTCONN, &accepting, &length) == 0
            && Native.getsockopt(descriptor, Native.SOL_SOCKET, Native.SO_TYPE, &type, &length) == 0;
        wrong = $"the inherited descriptor {descriptor} is no listening stream socket (ListenStream= with Accept=no)";
        if (!isSocket || accepting == 0 || type != Native.SOCK_STREAM) return null;

        var sockets = new ListenerSocket[count];
        for (int i = 0; i < count; i++)
        {
            int own = i == 0 ? descriptor : Native.fcntl(descriptor, Native.F_DUPFD_CLOEXEC, 3);
            if (own < 0)
            {
                wrong = $"the inherited descriptor {descriptor} cannot be duplicated: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}";
                return null;
            }

            sockets[i] = ListenerSocket.Inherit(own);
        }

        wrong = "";
        return sockets;
    }
}
