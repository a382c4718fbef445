using System.Buffers.Binary;
using System.IO.Hashing;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Lambda.EventStream;

/// <summary>Takes the messages of an event stream apart, however its bytes are cut (specification lambda.md 12).</summary>
/// <remarks><code>
///   u32 total | u32 headers | u32 CRC-32 of these 8 | headers | payload | u32 CRC-32 of all before
/// </code>
/// A message is handed out when it is whole and both sums are right: bytes of a payload before that could be wrong ones. Memory grows with what has
/// come, never with what a length announces. <see cref="Append"/>, then <see cref="TryRead"/> until it needs more. One loop.
/// </remarks>
public sealed class EventStreamDecoder
{
    /// <summary>Bytes of a payload at most.</summary>
    public const int MaxPayload = 16 * 1024 * 1024;

    /// <summary>Bytes of a message's headers at most.</summary>
    public const int MaxHeaders = 128 * 1024;

    private const int PreludeLength = 12;
    private const int Frame = PreludeLength + 4;

    private byte[]? _leased;
    private int _start;
    private int _end;
    private int _messageEnd;
    private bool _failed;
    private (int Start, int Length) _type;
    private (int Start, int Length) _errorMessage;
    private (int Start, int Length) _payload;

    /// <summary>What the last message is.</summary>
    public EventStreamKind Kind { get; private set; }

    /// <summary>The name of the last message's event, exception or error; empty for none. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Type => Slice(_type);

    /// <summary><c>:error-message</c> of the last message. Valid until the next call.</summary>
    public ReadOnlySpan<byte> ErrorMessage => Slice(_errorMessage);

    /// <summary>The last message's payload. Valid until the next call.</summary>
    public BodyChunk Payload => _leased is null ? BodyChunk.Empty : new BodyChunk(_leased, _payload.Start, _payload.Length);

    /// <summary>Whether bytes are left of which no message has been made.</summary>
    public bool HasRest => _end > Math.Max(_start, _messageEnd);

    /// <summary>Adds bytes of the stream.</summary>
    public void Append(ReadOnlySpan<byte> bytes, LoopBuffers buffers)
    {
        Forget();
        if (bytes.IsEmpty || _failed) return;
        if (_start == _end) _start = _end = 0;
        if (_leased is null || bytes.Length > _leased.Length - _end) MakeRoom(bytes.Length, buffers);
        bytes.CopyTo(_leased.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Finds the next message.</summary>
    public EventStreamStep TryRead()
    {
        Forget();
        if (_failed) return EventStreamStep.Violation;
        ReadOnlySpan<byte> unread = _leased.AsSpan(_start, _end - _start);
        if (unread.Length < PreludeLength) return EventStreamStep.NeedsMore;
        uint total = BinaryPrimitives.ReadUInt32BigEndian(unread);
        uint headers = BinaryPrimitives.ReadUInt32BigEndian(unread[4..]);

        // The lengths first of all: they say how much is to be gathered, and a wrong one could ask for anything.
        bool isPrelude = Crc32.HashToUInt32(unread[..8]) == BinaryPrimitives.ReadUInt32BigEndian(unread[8..])
            && headers <= MaxHeaders && total >= Frame + headers && total - Frame - headers <= MaxPayload;
        if (!isPrelude) return Fail();
        if (unread.Length < total) return EventStreamStep.NeedsMore;
        ReadOnlySpan<byte> message = unread[..(int)total];
        if (Crc32.HashToUInt32(message[..^4]) != BinaryPrimitives.ReadUInt32BigEndian(message[^4..])) return Fail();
        if (!TryReadHeaders(_start + PreludeLength, (int)headers)) return Fail();
        _payload = (_start + PreludeLength + (int)headers, (int)(total - Frame - headers));
        _messageEnd = _start + (int)total;
        return EventStreamStep.Message;
    }

    /// <summary>Forgets the stream and gives its memory back.</summary>
    public void Release(LoopBuffers buffers)
    {
        if (_leased is not null) buffers.Return(_leased);
        _leased = null;
        _start = _end = _messageEnd = 0;
        _failed = false;
        Forget();
    }

    private ReadOnlySpan<byte> Slice((int Start, int Length) range) => range.Length == 0 ? default : _leased.AsSpan(range.Start, range.Length);

    // The message that was handed out is done with.
    private void Forget()
    {
        _start = Math.Max(_start, _messageEnd);
        _messageEnd = 0;
        _type = _errorMessage = _payload = default;
        Kind = EventStreamKind.Other;
    }

    private EventStreamStep Fail()
    {
        _failed = true;
        return EventStreamStep.Violation;
    }

    private void MakeRoom(int more, LoopBuffers buffers)
    {
        int length = _end - _start;
        if (_leased is not null && length + more <= _leased.Length)
        {
            _leased.AsSpan(_start, length).CopyTo(_leased);
        }
        else
        {
            byte[] larger = buffers.Rent(Math.Max(length + more, (_leased?.Length ?? 0) * 2));
            if (_leased is not null)
            {
                _leased.AsSpan(_start, length).CopyTo(larger);
                buffers.Return(_leased);
            }

            _leased = larger;
        }

        _start = 0;
        _end = length;
    }

    private bool TryReadHeaders(int at, int length)
    {
        ReadOnlySpan<byte> bytes = _leased;
        int end = at + length;
        ReadOnlySpan<byte> kind = default;
        (int Start, int Length) eventType = default;
        (int Start, int Length) exceptionType = default;
        (int Start, int Length) errorCode = default;
        while (at < end)
        {
            int nameLength = bytes[at++];
            if (nameLength == 0 || end - at < nameLength + 1) return false;
            ReadOnlySpan<byte> name = bytes.Slice(at, nameLength);
            at += nameLength;
            byte type = bytes[at++];
            int valueLength = LengthOf(type, bytes[at..end], out int prefix);
            if (valueLength < 0 || end - at < prefix + valueLength) return false;
            at += prefix;
            if (type == 7)
            {
                if (name.SequenceEqual(":message-type"u8)) kind = bytes.Slice(at, valueLength);
                else if (name.SequenceEqual(":event-type"u8)) eventType = (at, valueLength);
                else if (name.SequenceEqual(":exception-type"u8)) exceptionType = (at, valueLength);
                else if (name.SequenceEqual(":error-code"u8)) errorCode = (at, valueLength);
                else if (name.SequenceEqual(":error-message"u8)) _errorMessage = (at, valueLength);
            }

            at += valueLength;
        }

        (Kind, _type) = kind switch
        {
            _ when kind.SequenceEqual("event"u8) => (EventStreamKind.Event, eventType),
            _ when kind.SequenceEqual("exception"u8) => (EventStreamKind.Exception, exceptionType),
            _ when kind.SequenceEqual("error"u8) => (EventStreamKind.Error, errorCode),
            _ => (EventStreamKind.Other, default),
        };
        return true;
    }

    // true, false, byte, short, integer, long, bytes, string, timestamp, UUID.
    private static int LengthOf(byte type, ReadOnlySpan<byte> rest, out int prefix)
    {
        prefix = type is 6 or 7 ? 2 : 0;
        return type switch
        {
            0 or 1 => 0,
            2 => 1,
            3 => 2,
            4 => 4,
            5 or 8 => 8,
            6 or 7 => rest.Length < 2 ? -1 : BinaryPrimitives.ReadUInt16BigEndian(rest),
            9 => 16,
            _ => -1,
        };
    }
}
