using System.Text;
using System.Text.Json;

namespace EdgeProxy.TestKit;

/// <summary>Makes JSON texts that readers with short cuts may stumble over: lists of objects that are alike, almost alike or only seem so, with blanks, escapes and repeated names.</summary>
public static class RandomJson
{
    private static readonly string[] s_names = ["a", "b", "id", "name", "quantity", "title", "a name of some length", "\\u0061", "note \\\"x\\\""];
    private static readonly string[] s_blanks = ["", "", "", "", " ", "\n  ", "\t"];

    private static readonly string[] s_scalars =
    [
        "0", "1", "42", "123456789", "1234567890", "-7", "0.5", "3.95", "10.50", "1e3", "-0", "12345678901234567890", "true", "false", "null", "\"\"", "\"x\"", "\"some text\"", "\"a text that is longer than thirty-two bytes\"",
        "\"with \\\"quotes\\\"\"", "\"\\u00e9 / \\\\\"", "\"é\"", "\"line\\nbreak\"",
    ];

    /// <summary>A text.</summary>
    public static string Write(Random random)
    {
        var text = new StringBuilder();
        bool isCompact = random.Next(3) > 0;
        string[] names = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => s_names[random.Next(s_names.Length)])];
        text.Append('[');
        int count = random.Next(1, 6);
        for (int i = 0; i < count; i++)
        {
            if (i > 0) text.Append(',');
            WriteObject(text, random, names, isCompact, 0);
        }

        return text.Append(']').ToString();
    }

    /// <summary>Whether the platform reads it as JSON.</summary>
    public static bool IsJson(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void WriteObject(StringBuilder text, Random random, string[] names, bool isCompact, int depth)
    {
        text.Append('{');
        bool first = true;
        foreach (string usual in names)
        {
            if (random.Next(8) == 0) continue;
            if (!first) text.Append(',');
            first = false;
            string name = random.Next(10) == 0 ? s_names[random.Next(s_names.Length)] : usual;
            text.Append(Blank()).Append('"').Append(name).Append('"').Append(Blank()).Append(':').Append(Blank());
            WriteValue(text, random, names, isCompact, depth);
            text.Append(Blank());
        }

        text.Append('}');
        string Blank() => isCompact ? "" : s_blanks[random.Next(s_blanks.Length)];
    }

    private static void WriteValue(StringBuilder text, Random random, string[] names, bool isCompact, int depth)
    {
        switch (depth < 3 ? random.Next(8) : 7)
        {
            case 0:
                WriteObject(text, random, names, isCompact, depth + 1);
                break;
            case 1:
                int count = random.Next(4);
                text.Append('[');
                for (int i = 0; i < count; i++)
                {
                    if (i > 0) text.Append(isCompact ? "," : ", ");
                    WriteValue(text, random, names, isCompact, depth + 1);
                }

                text.Append(']');
                break;
            default:
                text.Append(s_scalars[random.Next(s_scalars.Length)]);
                break;
        }
    }
}
