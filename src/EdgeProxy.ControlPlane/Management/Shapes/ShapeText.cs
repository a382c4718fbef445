namespace EdgeProxy.ControlPlane.Management.Shapes;

/// <summary>Reads shapes in the notation of control-plane.md: <c>name*:str list:[StageKey] tags:map&lt;str&gt; type:enum&lt;IntegrationType&gt;</c>.</summary>
internal static class ShapeText
{
    public static MemberShape[] Read(string text)
    {
        string[] parts = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        return Array.ConvertAll(parts, static part =>
        {
            int colon = part.IndexOf(':', StringComparison.Ordinal);
            string name = part[..colon];
            bool isRequired = name.EndsWith('*');
            return new MemberShape(isRequired ? name[..^1] : name, TypeOf(part[(colon + 1)..]), isRequired);
        });
    }

    private static ShapeType TypeOf(string text)
    {
        if (text.StartsWith('[')) return new ShapeType(ShapeKind.List, Element: TypeOf(text[1..^1]));
        if (text.StartsWith("map<", StringComparison.Ordinal)) return new ShapeType(ShapeKind.Map, Element: TypeOf(text[4..^1]));
        if (text.StartsWith("enum<", StringComparison.Ordinal)) return new ShapeType(ShapeKind.Enumeration, text[5..^1]);
        return text switch
        {
            "str" => new ShapeType(ShapeKind.Text),
            "int" or "long" => new ShapeType(ShapeKind.Integer),
            "double" => new ShapeType(ShapeKind.Double),
            "bool" => new ShapeType(ShapeKind.Boolean),
            _ => new ShapeType(ShapeKind.Structure, text),
        };
    }
}
