using System.Runtime.InteropServices;

namespace EdgeProxy.Transport.Tls.Native;

/// <summary>OpenSSL's <c>OSSL_PARAM</c>: one named argument; a list ends with an empty one.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OsslParam
{
    public const uint Utf8String = 4;
    public const uint OctetString = 5;

    public byte* Key;
    public uint Type;
    public void* Value;
    public nuint Size;
    public nuint ReturnedSize;
}
