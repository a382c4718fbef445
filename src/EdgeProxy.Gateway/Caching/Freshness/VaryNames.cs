using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>The request fields that an answer was chosen by (RFC 9111, 4.1; RFC 9110, 12.5.5): lower case, in order, each once, a zero byte behind each.</summary>
internal static class VaryNames
{
    /// <summary>Writes the names that Vary fields list, together with those known before; false for <c>*</c>, and for more than there is room for.</summary>
    /// <param name="answer">The answer's fields.</param>
    /// <param name="known">Names that the key was made of before: an answer that names fewer stays findable by more.</param>
    /// <param name="destination">Room for them, which limits how many are taken.</param>
    /// <param name="length">Bytes written.</param>
    public static bool TryCollect(HeaderTable answer, ReadOnlySpan<byte> known, Span<byte> destination, out int length)
    {
        length = known.Length;
        if (length > destination.Length) return false;
        known.CopyTo(destination);
        for (int i = 0; i < answer.Count; i++)
        {
            if (answer[i].Known != KnownHeader.Other || !Ascii.EqualsIgnoreCase(answer.Name(i), "vary"u8)) continue;
            if (!TryAdd(answer.Value(i), destination, ref length)) return false;
        }

        return true;
    }

    /// <summary>Adds the values that a request has for the names to a key: a comma behind each member and a zero byte behind each field, so that no two requests with other values make the same key.</summary>
    /// <param name="names">What <see cref="TryCollect"/> wrote.</param>
    /// <param name="request">The request's fields.</param>
    /// <param name="key">The key.</param>
    public static void AddValues(scoped ReadOnlySpan<byte> names, HeaderTable request, ref ByteWriter key)
    {
        while (TakeName(ref names, out ReadOnlySpan<byte> name))
        {
            KnownHeader known = KnownHeaders.Find(name);
            for (int i = 0; i < request.Count; i++)
            {
                if (request[i].Known != known || (known == KnownHeader.Other && !Ascii.EqualsIgnoreCase(request.Name(i), name))) continue;
                AddValue(request.Value(i), isCoding: known == KnownHeader.AcceptEncoding, ref key);
            }

            key.Write((byte)0);
        }
    }

    /// <summary>Whether a name is among them, without case.</summary>
    public static bool Contains(ReadOnlySpan<byte> names, ReadOnlySpan<byte> wanted)
    {
        while (TakeName(ref names, out ReadOnlySpan<byte> name))
        {
            if (Ascii.EqualsIgnoreCase(name, wanted)) return true;
        }

        return false;
    }

    private static bool TakeName(scoped ref ReadOnlySpan<byte> names, out ReadOnlySpan<byte> name)
    {
        int end = names.IndexOf((byte)0);
        name = end < 0 ? default : names[..end];
        names = end < 0 ? default : names[(end + 1)..];
        return end >= 0;
    }

    // Lines of one name are one list, and white space around its members means nothing (4.1). What is quoted may have commas of its own and stays as it is.
    private static void AddValue(ReadOnlySpan<byte> value, bool isCoding, ref ByteWriter key)
    {
        bool isQuoted = value.Contains((byte)'"');
        while (true)
        {
            int comma = isQuoted ? -1 : value.IndexOf((byte)',');
            ReadOnlySpan<byte> member = (comma < 0 ? value : value[..comma]).Trim(" \t"u8);
            if (!isCoding)
            {
                key.Write(member);
            }
            else
            {
                foreach (byte each in member)
                {
                    if (each is not ((byte)' ' or (byte)'\t')) key.Write(each is >= (byte)'A' and <= (byte)'Z' ? (byte)(each | 0x20) : each);
                }
            }

            key.Write((byte)',');
            if (comma < 0) return;
            value = value[(comma + 1)..];
        }
    }

    private static bool TryAdd(ReadOnlySpan<byte> list, Span<byte> destination, ref int length)
    {
        while (!list.IsEmpty)
        {
            int comma = list.IndexOf((byte)',');
            ReadOnlySpan<byte> member = (comma < 0 ? list : list[..comma]).Trim(" \t"u8);
            list = comma < 0 ? default : list[(comma + 1)..];
            if (member.SequenceEqual("*"u8)) return false;
            if (!member.IsEmpty && !TryInsert(member, destination, ref length)) return false;
        }

        return true;
    }

    private static bool TryInsert(ReadOnlySpan<byte> name, Span<byte> destination, ref int length)
    {
        // No name has a byte that ends one; what has is not a name, and nobody knows what it means.
        if (name.Contains((byte)0) || name.Length > destination.Length - length - 1) return false;
        Span<byte> lower = destination.Slice(length, name.Length);
        for (int i = 0; i < name.Length; i++) lower[i] = name[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[i] | 0x20) : name[i];

        int place = 0;
        ReadOnlySpan<byte> rest = destination[..length];
        while (TakeName(ref rest, out ReadOnlySpan<byte> other))
        {
            int order = other.SequenceCompareTo(lower);
            if (order == 0) return true;
            if (order > 0) break;
            place += other.Length + 1;
        }

        // The name stands behind all others now; those that come after it in order change places with it.
        destination[length + name.Length] = 0;
        int added = name.Length + 1;
        Rotate(destination.Slice(place, length - place + added), length - place);
        length += added;
        return true;
    }

    /// <summary>Puts what is behind <paramref name="front"/> bytes before them.</summary>
    private static void Rotate(Span<byte> bytes, int front)
    {
        bytes[..front].Reverse();
        bytes[front..].Reverse();
        bytes.Reverse();
    }
}
