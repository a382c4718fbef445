using System.Text;
using System.Text.Json;
using EdgeProxy.Identity.SigV4;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Identity.SigV4;

/// <summary>The public test suite of the signature, where it lies beside the checkout.</summary>
internal static class SigningSuite
{
    public static string? Folder { get; } = FindFolder();

    /// <summary>A case for each folder; an empty one when there are none.</summary>
    public static TheoryData<string> Cases
    {
        get
        {
            var cases = new TheoryData<string>();
            if (Folder is null) cases.Add("");
            else foreach (string folder in Directory.EnumerateDirectories(Folder).Order(StringComparer.Ordinal)) cases.Add(Path.GetFileName(folder));
            return cases;
        }
    }

    public static string Read(string name, string file) => File.ReadAllText(Path.Combine(Folder!, name, file));

    /// <summary>Who signs in a case, and for what.</summary>
    public static SigningScope ScopeOf(JsonElement context)
    {
        JsonElement credentials = context.GetProperty("credentials");
        string? token = credentials.TryGetProperty("token", out JsonElement written) ? written.GetString() : null;
        return new SigningScope(
            new AwsCredentials(credentials.GetProperty("access_key_id").GetString()!, credentials.GetProperty("secret_access_key").GetString()!, token),
            context.GetProperty("region").GetString()!, context.GetProperty("service").GetString()!);
    }

    public static byte[] DateOf(JsonElement context)
    {
        byte[] date = new byte[AmzDate.Length];
        AmzDate.Write(context.GetProperty("timestamp").GetDateTimeOffset(), date);
        return date;
    }

    private static string? FindFolder()
    {
        for (string? at = Path.GetDirectoryName(Repository.Root); at is not null; at = Path.GetDirectoryName(at))
        {
            string folder = Path.Combine(at, "shared", "vectors", "sigv4", "v4");
            if (Directory.Exists(folder)) return folder;
        }

        return null;
    }

    /// <summary>A request of the suite: a line, fields of which some go on in further lines, a body.</summary>
    public sealed class Request
    {
        public Request(string text)
        {
            string[] parts = text.ReplaceLineEndings("\n").Split("\n\n", 2);
            string[] lines = parts[0].Split('\n');
            int method = lines[0].IndexOf(' ', StringComparison.Ordinal);
            Method = lines[0][..method];
            string target = lines[0][(method + 1)..lines[0].LastIndexOf(' ')];
            int question = target.IndexOf('?', StringComparison.Ordinal);
            Path = question < 0 ? target : target[..question];
            Query = question < 0 ? "" : target[(question + 1)..];
            foreach (string line in lines.Skip(1))
            {
                if (line.Length == 0) continue;
                if (line[0] is ' ' or '\t')
                {
                    Fields[^1] = (Fields[^1].Name, Fields[^1].Value + " " + line.Trim());
                    continue;
                }

                int colon = line.IndexOf(':', StringComparison.Ordinal);
                Fields.Add((line[..colon], line[(colon + 1)..]));
            }

            Body = parts.Length > 1 ? parts[1] : "";
        }

        public string Method { get; set; }

        public string Path { get; set; }

        public string Query { get; set; }

        public List<(string Name, string Value)> Fields { get; } = [];

        public string Body { get; set; }

        /// <summary>As the end that verifies sees it.</summary>
        public ISignedRequest Signed() => new OnTheWire(this);

        /// <summary>Makes the canonical form of some of the fields.</summary>
        public CanonicalRequest Canonical(JsonElement context, Func<string, bool> isSigned, string query)
        {
            var request = new CanonicalRequest();
            CanonicalPath form = context.GetProperty("normalize").GetBoolean() ? CanonicalPath.Normalized : CanonicalPath.AsSent;
            request.Begin(Encoding.UTF8.GetBytes(Method), Encoding.UTF8.GetBytes(Path), Encoding.UTF8.GetBytes(query), form);
            foreach ((string name, string value) in Fields)
            {
                if (isSigned(name)) request.AddHeader(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
            }

            byte[] hash = new byte[Signature.HexLength];
            Signature.WriteHash(Encoding.UTF8.GetBytes(Body), hash);
            request.End(hash);
            return request;
        }

        private sealed class OnTheWire(Request request) : ISignedRequest
        {
            public ReadOnlySpan<byte> Method => Encoding.UTF8.GetBytes(request.Method);

            public ReadOnlySpan<byte> Path => Encoding.UTF8.GetBytes(request.Path);

            public ReadOnlySpan<byte> Query => Encoding.UTF8.GetBytes(request.Query);

            public int FieldCount => request.Fields.Count;

            public ReadOnlySpan<byte> FieldName(int index) => Encoding.UTF8.GetBytes(request.Fields[index].Name);

            public ReadOnlySpan<byte> FieldValue(int index) => Encoding.UTF8.GetBytes(request.Fields[index].Value);
        }
    }
}

/// <summary>A theory over <see cref="SigningSuite"/> that says so when the suite is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SigningSuiteTheoryAttribute : TheoryAttribute
{
    public SigningSuiteTheoryAttribute()
    {
        if (SigningSuite.Folder is null) Skip = "The public suite of the signature (shared/vectors/sigv4) does not lie beside the checkout, so nothing was compared with it.";
    }
}
