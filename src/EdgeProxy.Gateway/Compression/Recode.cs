using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;

namespace EdgeProxy.Gateway.Compression;

/// <summary>Runs a codec over bytes that are held, into a held body.</summary>
internal static class Recode
{
    /// <summary>Bytes of input or of output after which the loop's other connections get their turn: some milliseconds of work at most.</summary>
    public const int BytesPerTurn = 256 * 1024;

    private const int LeastRoom = 4 * 1024;

    /// <summary>Goes on for one turn.</summary>
    /// <param name="codec">The codec.</param>
    /// <param name="input">The whole input.</param>
    /// <param name="taken">How much of it was taken; moved on.</param>
    /// <param name="isLast">Whether an encoder is to end its text behind the input.</param>
    /// <param name="output">Gets what is made.</param>
    /// <param name="most">Most bytes it may hold; this stops when there are more, by one turn's at most.</param>
    /// <param name="buffers">The loop's.</param>
    public static RecodeStatus Run(Codec codec, ReadOnlySpan<byte> input, ref int taken, bool isLast, HeldBody output, long most, LoopBuffers buffers)
    {
        int stop = Math.Min(input.Length, taken + BytesPerTurn);
        bool ends = isLast && stop == input.Length;
        for (int made = 0; made < BytesPerTurn && output.Length <= most;)
        {
            Span<byte> room = output.Room(LeastRoom, buffers);
            if (room.Length > BytesPerTurn) room = room[..BytesPerTurn];
            CodecStatus status = codec.Run(input[taken..stop], ends, room, out int consumed, out int written);
            taken += consumed;
            made += written;
            output.Advance(written);
            if (status == CodecStatus.Corrupt) return RecodeStatus.Corrupt;
            if (status == CodecStatus.Ended)
            {
                if (taken == input.Length) return RecodeStatus.Ended;

                // Behind the end only what the next slice begins with may be another part of the text.
                return taken == stop ? RecodeStatus.Going : RecodeStatus.Corrupt;
            }

            if (written == room.Length) continue; // it wanted room
            if (taken == stop && stop < input.Length) return RecodeStatus.Going;
            if (taken == stop && !isLast) return RecodeStatus.Starved;
            if (consumed == 0 && written == 0) return RecodeStatus.Corrupt;
        }

        return RecodeStatus.Going;
    }
}
