using System.Text;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Hides what fields and parameters that hold secrets came with, wherever it turns up again (observability.md 2.4).</summary>
/// <remarks>
/// All but the last six characters become asterisks; of six or fewer all do. Values are found by the names they came under, and then as text:
/// a template that puts a token into a body does not give it away. A secret that was coded anew (base64, a hash) is not recognised.
/// </remarks>
internal sealed class SecretMask
{
    private const int Shown = 6;

    // Shorter ones would turn up by chance.
    private const int Shortest = 4;

    // What is looked for in every text that is told.
    private const int Most = 256;

    private static readonly HashSet<string> s_headers = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Proxy-Authorization", "x-api-key", "Cookie", "Set-Cookie", "X-Amz-Security-Token" };

    private static readonly HashSet<string> s_parameters = new(StringComparer.OrdinalIgnoreCase) { "X-Amz-Signature", "X-Amz-Security-Token", "X-Amz-Credential", "access_token", "token", "code" };

    private readonly List<string> _secrets = [];
    private readonly bool _isOff;

    public SecretMask(ExplainRequest request)
    {
        _isOff = request.ShowsSecrets;
        if (_isOff) return;
        TakeFields(request.Headers);
        if (request.Answer is { } answer) TakeFields(answer.Headers);
        int query = request.Target.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0) TakeParameters(request.Target[(query + 1)..]);

        // The longest first, so that none is broken by one that is part of it.
        _secrets.Sort(static (a, b) => b.Length.CompareTo(a.Length));
    }

    /// <summary>The longest secret, which is how far a text has to be read beyond what is told of it.</summary>
    public int Longest => _secrets.Count == 0 ? 0 : _secrets[0].Length;

    /// <summary>A text with all known secrets hidden.</summary>
    public string Text(string text)
    {
        if (_isOff) return text;
        foreach (string secret in _secrets)
        {
            if (text.Contains(secret, StringComparison.Ordinal)) text = text.Replace(secret, Hide(secret), StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>A field's value: hidden when its name says so.</summary>
    public string Field(string name, string value) => !_isOff && s_headers.Contains(name) ? Hide(value) : Text(value);

    /// <summary>A parameter's value: hidden when its name says so.</summary>
    public string Parameter(string name, string value) => !_isOff && s_parameters.Contains(name) ? Hide(value) : Text(value);

    /// <summary>A target or URL: the values of parameters whose names say so are hidden.</summary>
    public string Target(string target)
    {
        int query = _isOff ? -1 : target.IndexOf('?', StringComparison.Ordinal);
        if (query < 0) return Text(target);
        string[] pairs = target[(query + 1)..].Split('&');
        for (int i = 0; i < pairs.Length; i++)
        {
            int equals = pairs[i].IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && s_parameters.Contains(Decoded(pairs[i][..equals]))) pairs[i] = string.Concat(pairs[i].AsSpan(0, equals + 1), Hide(pairs[i][(equals + 1)..]));
        }

        return Text(string.Concat(target.AsSpan(0, query + 1), string.Join('&', pairs)));
    }

    private static string Hide(string value) =>
        value.Length <= Shown ? new string('*', value.Length) : string.Concat(new string('*', value.Length - Shown), value.AsSpan(value.Length - Shown));

    private void TakeFields(IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        foreach ((string name, string value) in fields)
        {
            if (!s_headers.Contains(name)) continue;
            Take(value.Trim(' ', '\t'));

            // The token behind its scheme, and each cookie without its name.
            foreach (string word in value.Split([' ', ';', ',', '\t'], StringSplitOptions.RemoveEmptyEntries))
            {
                Take(word);
                int equals = word.IndexOf('=', StringComparison.Ordinal);
                if (equals >= 0) Take(word[(equals + 1)..].Trim('"'));
            }
        }
    }

    private void TakeParameters(string query)
    {
        foreach (string pair in query.Split('&'))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !s_parameters.Contains(Decoded(pair[..equals]))) continue;
            Take(pair[(equals + 1)..]);
            Take(Decoded(pair[(equals + 1)..]));
        }
    }

    private void Take(string secret)
    {
        if (secret.Length < Shortest || _secrets.Count == Most || IsScheme(secret) || _secrets.Contains(secret)) return;
        _secrets.Add(secret);
    }

    // Words that say how, not what.
    private static bool IsScheme(string word) =>
        word.Length <= 16 && (word.Equals("Bearer", StringComparison.OrdinalIgnoreCase) || word.Equals("Basic", StringComparison.OrdinalIgnoreCase)
            || word.Equals("Digest", StringComparison.OrdinalIgnoreCase) || word.Equals("AWS4-HMAC-SHA256", StringComparison.OrdinalIgnoreCase)
            || word.Equals("Secure", StringComparison.OrdinalIgnoreCase) || word.Equals("HttpOnly", StringComparison.OrdinalIgnoreCase)
            || word.StartsWith("Path=", StringComparison.OrdinalIgnoreCase) || word.StartsWith("SameSite=", StringComparison.OrdinalIgnoreCase));

    private static string Decoded(string coded)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(coded);
        Span<byte> room = new byte[bytes.Length];
        return Encoding.UTF8.GetString(room[..Http.Messages.PercentCoding.DecodeForm(bytes, room)]);
    }
}
