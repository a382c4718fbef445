using System.Globalization;
using System.Text.Unicode;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Documents;

/// <summary>Reads a document from its bytes, YAML or JSON by content.</summary>
public static class DocumentReader
{
    /// <summary>Reads one document. Never throws on its bytes; what is wrong with them is added to <paramref name="problems"/>.</summary>
    /// <param name="fileName">Quoted in problems; its ending decides only between YAML and JSON for a document that starts like both.</param>
    /// <param name="bytes">UTF-8, with or without byte order mark, at most as many as <paramref name="most"/>.</param>
    /// <param name="problems">Receives all problems.</param>
    /// <param name="most">Most bytes.</param>
    /// <returns>The root, or null when nothing could be read. A root may come with problems (for example a duplicate key).</returns>
    public static DocumentNode? Read(string fileName, ReadOnlySpan<byte> bytes, ProblemList problems, int most = DocumentLimits.Bytes)
    {
        if (bytes.Length > most)
        {
            problems.Error(ProblemCode.TooLarge, new Origin(fileName, "", 1, 1), string.Create(CultureInfo.InvariantCulture,
                $"The document has {bytes.Length} bytes; the limit is {most}. Split it into several APIs or move examples out of it."));
            return null;
        }

        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (!Utf8.IsValid(bytes))
        {
            ReportNotUtf8(fileName, bytes, problems);
            return null;
        }

        ReadOnlySpan<byte> content = bytes.TrimStart(" \t\r\n"u8);
        if (content.IsEmpty)
        {
            problems.Error(ProblemCode.EmptyDocument, new Origin(fileName, "", 1, 1), "The document is empty. Write a mapping into it, or leave the file away.");
            return null;
        }

        if (content[0] is not ((byte)'{' or (byte)'[')) return YamlDocumentReader.Read(fileName, bytes, problems);
        if (!IsYamlName(fileName)) return JsonDocumentReader.Read(fileName, bytes, problems);

        // JSON in a YAML file, or a YAML flow mapping: JSON's own reader is the better judge of JSON (tabs, for one).
        var asJson = new ProblemList();
        DocumentNode? root = JsonDocumentReader.Read(fileName, bytes, asJson);
        if (root is null) return YamlDocumentReader.Read(fileName, bytes, problems);
        problems.AddRange(asJson);
        return root;
    }

    private static bool IsYamlName(string fileName) =>
        fileName.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || fileName.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    private static void ReportNotUtf8(string fileName, ReadOnlySpan<byte> bytes, ProblemList problems)
    {
        int good = 0;
        while (good < bytes.Length && System.Text.Rune.DecodeFromUtf8(bytes[good..], out _, out int used) == System.Buffers.OperationStatus.Done) good += used;
        var place = new TextPosition();
        place.Advance(bytes[..good]);
        problems.Error(ProblemCode.NotUtf8, new Origin(fileName, "", place.Line, place.Column),
            $"The byte 0x{bytes[good]:X2} is not UTF-8. Save the document as UTF-8.");
    }
}
