namespace EdgeProxy.Gateway.Grpc;

/// <summary>Follows the messages of a gRPC body, so that a limit can be set to each rather than to a stream that may go on for days.</summary>
/// <remarks>
/// A message is a byte of flags, four of length, and so many bytes. Only lengths are looked at; every split of the input gives the same
/// answer.
/// </remarks>
internal struct GrpcMessages
{
    private const int PrefixLength = 5;

    private int _prefix;
    private uint _length;
    private uint _left;

    /// <summary>Takes the body's next bytes; false when a message among them is longer than allowed.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="most">Most bytes of one message; below zero for any.</param>
    public bool TryTake(ReadOnlySpan<byte> bytes, long most)
    {
        while (!bytes.IsEmpty)
        {
            if (_left > 0)
            {
                int taken = (int)Math.Min(_left, (uint)bytes.Length);
                _left -= (uint)taken;
                bytes = bytes[taken..];
                continue;
            }

            if (_prefix > 0) _length = (_length << 8) | bytes[0]; // the first byte is flags
            bytes = bytes[1..];
            if (++_prefix < PrefixLength) continue;
            if (most >= 0 && _length > most) return false;
            _left = _length;
            _prefix = 0;
            _length = 0;
        }

        return true;
    }
}
