using System.Text;

namespace EdgeProxy.Http.Messages;

/// <summary>Comma-separated lists in field values (RFC 9110, 5.6.1).</summary>
public static class FieldList
{
    /// <summary>Whether a token is in the list, without case.</summary>
    public static bool Contains(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        while (!list.IsEmpty)
        {
            int comma = list.IndexOf((byte)',');
            ReadOnlySpan<byte> member = Syntax.TrimSpace(comma < 0 ? list : list[..comma]);
            if (Ascii.EqualsIgnoreCase(member, token)) return true;
            list = comma < 0 ? default : list[(comma + 1)..];
        }

        return false;
    }

    /// <summary>Whether a message's Connection fields list a name: such a field is for that connection alone (RFC 9110, 7.6.1).</summary>
    /// <param name="headers">The message's fields.</param>
    /// <param name="first">The first Connection field; -1 for none.</param>
    /// <param name="name">The name.</param>
    public static bool ConnectionNames(HeaderTable headers, int first, ReadOnlySpan<byte> name)
    {
        if (first < 0) return false;
        for (int i = first; i < headers.Count; i++)
        {
            if (headers[i].Known == KnownHeader.Connection && Contains(headers.Value(i), name)) return true;
        }

        return false;
    }
}
