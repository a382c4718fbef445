namespace EdgeProxy.Gateway.Compression;

/// <summary>Turns a text of bytes into another, a piece at a time: a decoder or an encoder of one content coding.</summary>
/// <remarks>
/// Holds memory of a native library, so it is rented from a loop's <see cref="CodecPool"/> and used again; hostile input costs a result, never an
/// exception. One thread at a time.
/// </remarks>
internal abstract class Codec : IDisposable
{
    ~Codec() => Free();

    /// <summary>Takes some input and gives some output. Called on until it has ended, the output being emptied in between.</summary>
    /// <param name="input">What comes next; what was not consumed is given again.</param>
    /// <param name="isLast">Whether nothing comes behind <paramref name="input"/>. Only encoders look at it.</param>
    /// <param name="output">Gets what is made; at least a byte long.</param>
    /// <param name="consumed">Bytes of input that were taken.</param>
    /// <param name="written">Bytes of output that were made.</param>
    public abstract CodecStatus Run(ReadOnlySpan<byte> input, bool isLast, Span<byte> output, out int consumed, out int written);

    /// <summary>Makes it ready for another text.</summary>
    /// <returns>False when it cannot be used again.</returns>
    public abstract bool TryReset();

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives native memory back; may be called twice.</summary>
    protected abstract void Free();
}
