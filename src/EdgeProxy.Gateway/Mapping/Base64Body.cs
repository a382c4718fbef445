using System.Buffers;
using System.Buffers.Text;
using EdgeProxy.Core.Buffers;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Turns held bodies from bytes into base64 text and back (rest-api.md 5.5, 5.8).</summary>
internal static class Base64Body
{
    /// <summary>Replaces a body by its base64 text, with padding.</summary>
    public static void Encode(HeldBody body, LoopBuffers buffers)
    {
        if (body.Length == 0) return;
        byte[] text = buffers.Rent(Base64.GetMaxEncodedToUtf8Length(body.Length));
        Base64.EncodeToUtf8(body.Span, text, out _, out int written);
        body.Hold(text, written, buffers);
    }

    /// <summary>Replaces a body of base64 text by the bytes it stands for. White space in it does not count; padding must be there.</summary>
    /// <returns>False when it is not base64; the body is then as it was.</returns>
    public static bool TryDecode(HeldBody body, LoopBuffers buffers)
    {
        if (body.Length == 0) return true;
        byte[] bytes = buffers.Rent(Base64.GetMaxDecodedFromUtf8Length(body.Length));
        if (Base64.DecodeFromUtf8(body.Span, bytes, out int consumed, out int written) != OperationStatus.Done || consumed != body.Length)
        {
            buffers.Return(bytes);
            return false;
        }

        body.Hold(bytes, written, buffers);
        return true;
    }
}
