using System.Globalization;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.Patches;

/// <summary>Applies patch operations to a record by a table of rules. What the values mean together is for the caller to judge afterwards.</summary>
public static class ApplyPatch
{
    /// <summary>Applies operations in their order.</summary>
    /// <returns>A fault, after which the target is of no use; null when all were applied.</returns>
    public static Reply? Run(WireValue target, IReadOnlyList<PatchOperation> operations, IReadOnlyList<PatchRule> rules, PatchDialect dialect)
    {
        foreach (PatchOperation operation in operations)
        {
            if (RunOne(target, operation, rules, dialect) is { } fault) return fault;
        }

        return null;
    }

    /// <summary>Applies one operation, for callers with operations of their own in between.</summary>
    public static Reply? RunOne(WireValue target, PatchOperation operation, IReadOnlyList<PatchRule> rules, PatchDialect dialect)
    {
        PatchRule? near = null;
        bool knowsOp = false;
        foreach (PatchRule rule in rules)
        {
            knowsOp |= rule.Allows(operation.Op);
            if (!rule.Matches(operation)) continue;
            if (rule.Allows(operation.Op)) return Apply(target, operation, rule, dialect);
            near = rule;
        }

        return near is null ? dialect.WrongPath(operation, knowsOp) : dialect.WrongOp(operation, near);
    }

    /// <summary>A text as a value of a type; null when it is none.</summary>
    public static WireValue? ValueOrNull(string text, PatchType type) => type switch
    {
        PatchType.Boolean => WireValue.Of(string.Equals(text, "true", StringComparison.OrdinalIgnoreCase)),
        PatchType.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? WireValue.Of(number) : null,
        PatchType.Double => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real) ? WireValue.Of(real) : null,
        PatchType.List => WireValue.Of(Entries(text)),
        _ => WireValue.Of(text),
    };

    private static Reply? Apply(WireValue target, PatchOperation operation, PatchRule rule, PatchDialect dialect)
    {
        WireValue holder = target;
        for (int i = 0; i < rule.Members.Length - 1; i++)
        {
            // Nothing is made for what only goes away.
            string part = NameOf(rule, operation, i);
            bool isList = rule.Type == PatchType.ListItem && i == rule.Members.Length - 2;
            if (operation.Op == PatchOp.Remove && holder[part] is null) return dialect.MissingKey?.Invoke(operation);
            holder = isList ? holder.ListAt(part) : holder.ObjectAt(part);
        }

        string name = NameOf(rule, operation, rule.Members.Length - 1);
        if (rule.Type == PatchType.ListItem) return ApplyItem(holder, name, operation, dialect);
        if (rule.Type == PatchType.List && operation.Op != PatchOp.Replace) return ApplyList(holder, name, operation, dialect);
        bool isKey = rule.Members[^1].StartsWith('{');
        if (isKey && operation.Op != PatchOp.Add && holder[name] is null && dialect.MissingKey is { } missing) return missing(operation);
        if (operation.Op == PatchOp.Remove)
        {
            holder[name] = null;
            return null;
        }

        // An optional scalar is cleared by leaving the value away; a key of a map has what an empty text stands for.
        if (operation.Value is not { } text)
        {
            holder[name] = isKey ? ValueOrNull("", rule.Type) : null;
            return null;
        }

        if (ValueOrNull(text, rule.Type) is not { } value) return Reply.BadRequest($"Invalid value specified for {operation.Path}: {Shortened(text)}");
        holder[name] = value;
        return null;
    }

    private static Reply? ApplyItem(WireValue list, string item, PatchOperation operation, PatchDialect dialect)
    {
        int index = IndexOf(list, item);
        if (operation.Op == PatchOp.Add)
        {
            if (list.Items.Count >= operation.MostEntries) return Reply.LimitExceeded(LimitNames.ListEntries, $"{operation.Path} is one entry more than {operation.MostEntries}.");
            if (index < 0) list.Items.Add(WireValue.Of(item));
            return null;
        }

        if (index < 0) return dialect.MissingKey?.Invoke(operation);
        if (operation.Op == PatchOp.Replace && operation.Value is { Length: > 0 } other) list.Items[index] = WireValue.Of(other);
        else list.Items.RemoveAt(index);
        return null;
    }

    private static Reply? ApplyList(WireValue holder, string name, PatchOperation operation, PatchDialect dialect)
    {
        if (operation.Op == PatchOp.Remove && operation.Value is null)
        {
            holder[name] = null;
            return null;
        }

        WireValue list = holder.ListAt(name);
        string[] entries = Entries(operation.Value ?? "");
        if (entries.Length + list.Items.Count > operation.MostEntries) return Reply.LimitExceeded(LimitNames.ListEntries, $"{operation.Path} takes at most {operation.MostEntries} entries.");
        foreach (string entry in entries)
        {
            int index = IndexOf(list, entry);
            if (operation.Op == PatchOp.Add)
            {
                if (index < 0) list.Items.Add(WireValue.Of(entry));
            }
            else if (index >= 0)
            {
                list.Items.RemoveAt(index);
            }
            else if (dialect.MissingKey is { } missing)
            {
                return missing(operation);
            }
        }

        return null;
    }

    private static string NameOf(PatchRule rule, PatchOperation operation, int index)
    {
        string member = rule.Members[index];
        if (!member.StartsWith('{')) return member;
        int place = Array.IndexOf(rule.Parts, member);
        return operation.Segments[place];
    }

    private static string[] Entries(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int IndexOf(WireValue list, string text) => list.Items.FindIndex(item => item.IsText && item.Text == text);

    private static string Shortened(string text) => text.Length <= 100 ? text : text[..100];
}
