using System.Globalization;

namespace EdgeProxy.Compiler.Mappings;

/// <summary>The request template of a mock integration when it is a constant (rest-api.md 5.11).</summary>
/// <remarks>
/// What mock reads is JSON in a lenient form: keys and values may be unquoted or in single quotes, and commas may be missing a
/// member. The one thing that counts is a <c>statusCode</c> that is a whole number.
/// </remarks>
public static class MockTemplate
{
    private const int Depth = 64;

    /// <summary>True for a template that renders to itself: without references (<c>$</c>) and directives (<c>#</c>).</summary>
    public static bool IsConstant(string template) => template.AsSpan().IndexOfAny('$', '#') < 0;

    /// <summary>Reads the status code; false when the text is no object or holds none. Any integer is taken, as it only selects.</summary>
    public static bool TryReadStatus(string text, out int statusCode)
    {
        var reader = new Reader(text);
        return reader.TryRead(out statusCode);
    }

    private ref struct Reader(string text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _at;
        private int? _status;

        public bool TryRead(out int statusCode)
        {
            SkipSpace();
            bool good = TryObject(0);
            SkipSpace();
            statusCode = _status ?? 0;
            return good && _at == _text.Length && _status is not null;
        }

        private bool TryObject(int depth)
        {
            if (!Take('{') || depth > Depth) return false;
            while (true)
            {
                SkipSpaceAndCommas();
                if (Take('}')) return true;
                if (!TryWord(out ReadOnlySpan<char> key, out _)) return false;
                SkipSpace();
                if (!Take(':')) return false;
                SkipSpace();
                if (!TryValue(depth, out ReadOnlySpan<char> value, out bool quoted)) return false;
                if (depth == 0 && key.SequenceEqual("statusCode"))
                {
                    // The last one wins, also when it is no number.
                    _status = !quoted && int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
                }

                SkipSpace();
                if (_at < _text.Length && _text[_at] is not (',' or '}')) return false;
            }
        }

        private bool TryArray(int depth)
        {
            if (!Take('[') || depth > Depth) return false;
            while (true)
            {
                SkipSpaceAndCommas();
                if (Take(']')) return true;
                if (!TryValue(depth, out _, out _)) return false;
                SkipSpace();
                if (_at < _text.Length && _text[_at] is not (',' or ']')) return false;
            }
        }

        private bool TryValue(int depth, out ReadOnlySpan<char> value, out bool quoted)
        {
            value = default;
            quoted = true;
            if (_at >= _text.Length) return false;
            if (_text[_at] == '{')
            {
                int? outer = _status;
                bool good = TryObject(depth + 1);
                _status = outer;
                return good;
            }

            return _text[_at] == '[' ? TryArray(depth + 1) : TryWord(out value, out quoted);
        }

        private bool TryWord(out ReadOnlySpan<char> word, out bool quoted)
        {
            word = default;
            quoted = false;
            if (_at >= _text.Length) return false;
            char quote = _text[_at];
            if (quote is '"' or '\'')
            {
                quoted = true;
                int start = ++_at;
                while (_at < _text.Length && _text[_at] != quote) _at += _text[_at] == '\\' ? 2 : 1;
                if (_at >= _text.Length) return false;
                word = _text[start.._at];
                _at++;
                return true;
            }

            int from = _at;
            while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && _text[_at] is not (',' or ':' or '{' or '}' or '[' or ']' or '"' or '\'')) _at++;
            word = _text[from.._at];
            return word.Length > 0;
        }

        private bool Take(char expected)
        {
            if (_at >= _text.Length || _text[_at] != expected) return false;
            _at++;
            return true;
        }

        private void SkipSpace()
        {
            while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
        }

        private void SkipSpaceAndCommas()
        {
            while (_at < _text.Length && (char.IsWhiteSpace(_text[_at]) || _text[_at] == ',')) _at++;
        }
    }
}
