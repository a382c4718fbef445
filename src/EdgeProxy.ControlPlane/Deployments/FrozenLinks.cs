using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Which VPC links a deployment froze, noted in the record that names its snapshot: deleting a link asks each stage's deployment, and none has to be unpacked for it.</summary>
internal static class FrozenLinks
{
    private const string Links = "links";

    private static ReadOnlySpan<byte> Member => "\"connectionId\":\""u8;

    /// <summary>The record that names what a deployment froze.</summary>
    /// <param name="snapshot">What was packed just now.</param>
    public static WireValue RecordOf(StoredSnapshot snapshot)
    {
        var links = new HashSet<string>(StringComparer.Ordinal);
        foreach (string kind in new[] { Kinds.Method, Kinds.Integration })
        {
            foreach (Record record in snapshot.Scope?.All(kind) ?? []) Add(record.Json.Span, links);
        }

        return WireValue.NewObject().Set("snapshot", snapshot.Id).Set(Links, WireValue.Of(links));
    }

    /// <summary>Whether what a record names may have one of some links, as integrations name them; always for a record without a note.</summary>
    public static bool MayHave(WireValue record, List<string> links)
    {
        if (record[Links] is not { IsList: true } noted) return true;
        foreach (WireValue link in noted.Items)
        {
            if (links.Contains(link.Text)) return true;
        }

        return false;
    }

    // Records are written without blanks, and within texts quotes are escaped: what looks like the member is it.
    private static void Add(ReadOnlySpan<byte> json, HashSet<string> links)
    {
        for (int at = json.IndexOf(Member); at >= 0; at = json.IndexOf(Member))
        {
            json = json[(at + Member.Length - 1)..];
            int end = 1;
            while (json[end] != (byte)'"') end += json[end] == (byte)'\\' ? 2 : 1;
            if (WireValue.TryParse(json[..(end + 1)], out WireValue? link)) links.Add(link.Text);
            json = json[(end + 1)..];
        }
    }
}
