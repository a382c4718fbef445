using System.Globalization;
using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Puts what is told into words that are safe to tell: secrets hidden, each value cut, and all of them together bounded.</summary>
internal sealed class ExplanationNotes(ExplainLimits limits, SecretMask mask)
{
    private readonly HashSet<string> _limitsMet = new(StringComparer.Ordinal);
    private int _left = limits.Output;

    public ExplainLimits Limits => limits;

    /// <summary>Whether something was left out for want of room.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether nothing more can be told.</summary>
    public bool IsFull => _left <= 0;

    /// <summary>The settings whose limit left something out.</summary>
    public IReadOnlyCollection<string> LimitsMet => _limitsMet;

    /// <summary>Says that something was left out by a limit.</summary>
    public void MarkCut(string setting)
    {
        IsCut = true;
        _limitsMet.Add(setting);
    }

    /// <summary>Any text.</summary>
    public string Text(ReadOnlySpan<byte> text) => Spend(mask.Text(Read(text)));

    /// <summary>Any text.</summary>
    public string Text(string text) => Spend(mask.Text(text));

    /// <summary>A target or URL.</summary>
    public string Target(ReadOnlySpan<byte> target) => Spend(mask.Target(Read(target)));

    /// <summary>A field's value.</summary>
    public string Field(string name, ReadOnlySpan<byte> value) => Spend(mask.Field(name, Read(value)));

    /// <summary>A query parameter's value.</summary>
    public string Parameter(string name, ReadOnlySpan<byte> value) => Spend(mask.Parameter(name, Read(value)));

    /// <summary>Text of the operator's or ours, as it is.</summary>
    public static string Plain(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Adds a row, or counts it where there are enough.</summary>
    public void Add(ExplainedTable table, params string[] row)
    {
        if (table.Rows.Count >= ExplainLimits.Rows || IsFull)
        {
            table.LeftOut++;
            IsCut = true;
            if (IsFull) MarkCut("explain.output");
            return;
        }

        table.Add(row);
    }

    /// <summary>The fields of a table in order.</summary>
    public List<KeyValuePair<string, string>> Fields(HeaderTable headers)
    {
        var fields = new List<KeyValuePair<string, string>>(headers.Count);
        for (int i = 0; i < headers.Count && !IsFull; i++)
        {
            string name = Spend(Read(headers.Name(i)));
            fields.Add(new(name, Field(name, headers.Value(i))));
        }

        return fields;
    }

    /// <summary>A message with a body.</summary>
    /// <param name="head">All but the body.</param>
    /// <param name="body">The body's beginning, at least as much as is told.</param>
    /// <param name="bytes">Bytes of all of it.</param>
    public ExplainedMessage Message(ExplainedMessage head, ReadOnlySpan<byte> body, long bytes)
    {
        bool isCut = bytes > ExplainLimits.ShownBody;
        ReadOnlySpan<byte> shown = body[..Math.Min(body.Length, ExplainLimits.ShownBody)];
        if (isCut) shown = WithoutHalves(shown);
        bool isText = IsText(shown);
        string text = isText ? mask.Text(Encoding.UTF8.GetString(shown)) : Convert.ToBase64String(shown);
        if (text.Length > _left)
        {
            text = isText ? text[..Math.Max(0, _left)] : "";
            isCut = true;
            MarkCut("explain.output");
        }

        _left -= text.Length;
        IsCut |= isCut;
        return head with { Body = text, IsBase64 = !isText, BodyBytes = bytes, IsCut = isCut };
    }

    private string Spend(string text)
    {
        if (text.Length > ExplainLimits.Value)
        {
            text = string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[ExplainLimits.Value - 1]) ? ExplainLimits.Value - 1 : ExplainLimits.Value), "…");
            IsCut = true;
        }

        if (text.Length > _left)
        {
            MarkCut("explain.output");
            text = "";
            _left = 0;
        }

        _left -= text.Length;
        return text;
    }

    // As much as has to be looked through for secrets, and no more.
    private string Read(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text[..Math.Min(text.Length, (4 * ExplainLimits.Value) + (4 * mask.Longest))]);

    private static ReadOnlySpan<byte> WithoutHalves(ReadOnlySpan<byte> text)
    {
        // The start of a character that was cut is within the last three bytes.
        for (int i = 1; i <= 3 && i <= text.Length; i++)
        {
            byte last = text[^i];
            if (last < 0x80) return text;
            if (last >= 0xC0) return text[..^i];
        }

        return text;
    }

    private static bool IsText(ReadOnlySpan<byte> body)
    {
        if (!System.Text.Unicode.Utf8.IsValid(body)) return false;
        foreach (byte value in body)
        {
            if (value is < 0x20 and not ((byte)'\t' or (byte)'\r' or (byte)'\n') or 0x7F) return false;
        }

        return true;
    }
}
