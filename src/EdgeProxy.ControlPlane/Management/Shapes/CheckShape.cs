using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.Shapes;

/// <summary>Holds a request's body against its operation's members: types first, then what is required and enumerated (control-plane.md 1.1, 1.4).</summary>
internal static class CheckShape
{
    // The service says a few at once; a hostile body must not make a message of megabytes.
    private const int MostErrors = 10;

    /// <summary>What is wrong; null for nothing. Members nobody knows are no fault, as the service has it; <see cref="Prune"/> takes them away.</summary>
    /// <param name="operation">What is called.</param>
    /// <param name="body">Its body.</param>
    /// <param name="limits">How wide objects may be.</param>
    public static Reply? Run(Operation operation, WireValue body, ManagementLimits limits)
    {
        if (IsTooWide(body, limits.Members)) return Reply.TooLarge(LimitNames.Members, $"The request has an object with more than {limits.Members} members.");
        if (Mistyped(operation.Members, body, operation is { Method: "PATCH", Version: ServiceVersion.V2 }) is { } mistyped) return Reply.Fault(ErrorType.SerializationException, mistyped);
        var errors = new List<string>();
        string root = char.ToLowerInvariant(operation.Name[0]) + operation.Name[1..] + "Input";
        Constrain(operation.Members, body, root, errors);
        return errors.Count == 0 ? null : Invalid(errors);
    }

    /// <summary>Takes away what no structure within a body has as a member, so that only what is known is kept and shown. Those of the body itself nobody looks at.</summary>
    public static void Prune(Operation operation, WireValue body)
    {
        foreach (MemberShape member in operation.Members)
        {
            if (body[member.Name] is { } given) Prune(member.Type, given);
        }
    }

    private static void Prune(ShapeType type, WireValue value)
    {
        switch (type.Kind)
        {
            case ShapeKind.Structure:
                MemberShape[] known = ShapeTable.Structure(type.Name);
                value.KeepMembers(name => Array.Exists(known, member => member.Name == name));
                foreach (MemberShape member in known)
                {
                    if (value[member.Name] is { } given) Prune(member.Type, given);
                }

                break;
            case ShapeKind.List:
                foreach (WireValue item in value.Items) Prune(type.Element!, item);
                break;
            case ShapeKind.Map:
                foreach ((_, WireValue item) in value.Members) Prune(type.Element!, item);
                break;
        }
    }

    /// <summary>A fault of constraints that were not met, in the service's words.</summary>
    /// <param name="errors">Each as <c>Value 'v' at 'path' failed to satisfy constraint: ...</c>.</param>
    public static Reply Invalid(IReadOnlyList<string> errors) =>
        Reply.Fault(ErrorType.ValidationException, $"{errors.Count} validation error{(errors.Count == 1 ? "" : "s")} detected: {string.Join("; ", errors)}");

    /// <summary>What is said of a value that is not in its enumeration.</summary>
    public static string NotInSet(string value, string path, IReadOnlyList<string> values) =>
        $"Value '{Shortened(value)}' at '{path}' failed to satisfy constraint: Member must satisfy enum value set: [{string.Join(", ", values)}]";

    private static bool IsTooWide(WireValue value, int most)
    {
        if (value.Members.Count > most) return true;
        foreach ((_, WireValue member) in value.Members)
        {
            if (IsTooWide(member, most)) return true;
        }

        foreach (WireValue item in value.Items)
        {
            if (IsTooWide(item, most)) return true;
        }

        return false;
    }

    private static string Shortened(string value) => value.Length <= 200 ? value : value[..200];

    // In changes of V2 an empty text in a map takes the key away, whatever the map holds (2.1).
    private static string? Mistyped(MemberShape[] members, WireValue value, bool mayRemove)
    {
        foreach (MemberShape member in members)
        {
            if (value[member.Name] is { Kind: not WireKind.Null } given && Mistyped(member.Type, given, mayRemove) is { } wrong) return wrong;
        }

        return null;
    }

    private static string? Mistyped(ShapeType type, WireValue value, bool mayRemove)
    {
        bool fits = type.Kind switch
        {
            ShapeKind.Text or ShapeKind.Enumeration => value.Kind == WireKind.Text,
            ShapeKind.Integer => value.Kind == WireKind.Number && !value.Text.AsSpan().ContainsAny(".eE") && long.TryParse(value.Text, out _),
            ShapeKind.Double => value.Kind == WireKind.Number,
            ShapeKind.Boolean => value.Kind == WireKind.Boolean,
            ShapeKind.List => value.Kind == WireKind.List,
            _ => value.Kind == WireKind.Object,
        };
        if (!fits) return $"class {JavaName(value)} can not be converted to {JavaName(type.Kind)}";
        switch (type.Kind)
        {
            case ShapeKind.Structure:
                return Mistyped(ShapeTable.Structure(type.Name), value, mayRemove);
            case ShapeKind.List:
                foreach (WireValue item in value.Items)
                {
                    if (Mistyped(type.Element!, item, mayRemove) is { } wrong) return wrong;
                }

                return null;
            case ShapeKind.Map:
                foreach ((_, WireValue item) in value.Members)
                {
                    if (item.Kind == WireKind.Null || (mayRemove && item is { IsText: true, Text: "" })) continue;
                    if (Mistyped(type.Element!, item, mayRemove) is { } wrong) return wrong;
                }

                return null;
            default:
                return null;
        }
    }

    private static void Constrain(MemberShape[] members, WireValue value, string path, List<string> errors)
    {
        foreach (MemberShape member in members)
        {
            if (errors.Count >= MostErrors) return;
            if (value[member.Name] is { Kind: not WireKind.Null } given) Constrain(member.Type, given, $"{path}.{member.Name}", errors);
            else if (member.IsRequired) errors.Add($"Value null at '{path}.{member.Name}' failed to satisfy constraint: Member must not be null");
        }
    }

    private static void Constrain(ShapeType type, WireValue value, string path, List<string> errors)
    {
        if (errors.Count >= MostErrors) return;
        switch (type.Kind)
        {
            case ShapeKind.Enumeration:
                string[] values = ShapeTable.Enumeration(type.Name);
                if (Array.IndexOf(values, value.Text) < 0) errors.Add(NotInSet(value.Text, path, values));
                break;
            case ShapeKind.Structure:
                Constrain(ShapeTable.Structure(type.Name), value, path, errors);
                break;
            case ShapeKind.List:
                // Counted from 1, and the items of a list of structures are its members.
                for (int i = 0; i < value.Items.Count; i++) Constrain(type.Element!, value.Items[i], $"{path}.{i + 1}.member", errors);
                break;
            case ShapeKind.Map:
                foreach ((string name, WireValue item) in value.Members) Constrain(type.Element!, item, $"{path}.{name}.member", errors);
                break;
        }
    }

    private static string JavaName(WireValue value) => value.Kind switch
    {
        WireKind.Boolean => "java.lang.Boolean",
        WireKind.Number => value.Text.AsSpan().ContainsAny(".eE") ? "java.lang.Double" : long.TryParse(value.Text, out _) ? "java.lang.Integer" : "java.math.BigInteger",
        WireKind.Text => "java.lang.String",
        WireKind.List => "java.util.ArrayList",
        WireKind.Object => "java.util.LinkedHashMap",
        _ => "java.lang.Object",
    };

    private static string JavaName(ShapeKind kind) => kind switch
    {
        ShapeKind.Text or ShapeKind.Enumeration => "an String",
        ShapeKind.Integer => "an Integer",
        ShapeKind.Double => "an Double",
        ShapeKind.Boolean => "an Boolean",
        ShapeKind.List => "an List",
        _ => "an Map",
    };
}
