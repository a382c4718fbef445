using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>What contexts of both roles have in common.</summary>
internal static unsafe class TlsContext
{
    /// <summary>A context with a policy's versions and suites.</summary>
    /// <exception cref="InvalidOperationException">OpenSSL does not take them: a bug, policies are constants.</exception>
    public static nint New(nint method, TlsPolicy policy)
    {
        nint context = LibSsl.SSL_CTX_new(method);
        if (context == 0) throw new InvalidOperationException($"OpenSSL makes no context: {OpenSsl.ErrorText()}");

        // 0-RTT stays off: a context allows no early data unless told to. Control records end a read, so that they can be counted.
        LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlMode, LibSsl.ModePartialWrite | LibSsl.ModeMovingWriteBuffer | LibSsl.ModeReleaseBuffers | LibSsl.ModeNoAutoChain, null);
        LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlClearMode, LibSsl.ModeAutoRetry, null);
        LibSsl.SSL_CTX_set_options(context, LibSsl.OptionNoCompression | LibSsl.OptionNoRenegotiation);
        bool taken = LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlMinimumVersion, (nint)(ushort)policy.Minimum, null) == 1
            && LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlMaximumVersion, (nint)(ushort)policy.Maximum, null) == 1;
        fixed (byte* suites = OpenSsl.Terminated(policy.Suites ?? ""), suites13 = OpenSsl.Terminated(policy.Tls13CipherSuites), groups = OpenSsl.Terminated(policy.GroupList))
        {
            taken &= policy.Suites is null || LibSsl.SSL_CTX_set_cipher_list(context, suites) == 1;
            taken &= LibSsl.SSL_CTX_set_ciphersuites(context, suites13) == 1;
            taken &= LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlGroupsList, 0, groups) == 1;
        }

        if (!taken) throw new InvalidOperationException($"OpenSSL does not take policy {policy.Name}: {OpenSsl.ErrorText()}");
        return context;
    }
}
