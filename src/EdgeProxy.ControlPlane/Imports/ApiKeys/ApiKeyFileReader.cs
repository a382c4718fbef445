using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.ApiKeys;

/// <summary>Reads API keys from a CSV file as ImportApiKeys takes it, one after the other (control-plane.md; security.md 9). A million are usual.</summary>
/// <remarks>
/// <para>
/// The first row names the columns, in any order and case: <c>name</c> and <c>key</c>, and if wanted <c>description</c>, <c>enabled</c>, <c>usagePlanIds</c> (several with
/// commas between them, in quotes) and, beyond the service, <c>id</c>. Others are ignored. Fields follow RFC 4180.
/// </para>
/// <para>What it hands out lies in its own buffer and is gone with the next row. Values are secrets: no problem quotes one.</para>
/// </remarks>
public sealed class ApiKeyFileReader
{
    /// <summary>Longest row in bytes.</summary>
    public const int MostRow = 64 * 1024;

    private const int MostColumns = 64;

    private readonly Stream _stream;
    private readonly string _document;
    private readonly ProblemList _problems;
    private readonly byte[] _buffer = new byte[4 * MostRow];
    private readonly (int Start, int Length)[] _cells = new (int, int)[MostColumns];
    private int _at;
    private int _end;
    private bool _isAtEnd;
    private int _nextLine = 1;
    private int _count;
    private int _key = -1;
    private int _name = -1;
    private int _description = -1;
    private int _id = -1;
    private int _enabled = -1;
    private int _plans = -1;

    /// <param name="stream">The file.</param>
    /// <param name="document">Its name in problems.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public ApiKeyFileReader(Stream stream, string document, ProblemList problems)
    {
        _stream = stream;
        _document = document;
        _problems = problems;
    }

    /// <summary>The line that the row began in.</summary>
    public int Line { get; private set; }

    /// <summary>Where the row stands.</summary>
    public Origin Origin => new(_document, "", Line, 1);

    /// <summary>The key's value.</summary>
    public ReadOnlySpan<byte> Value => Cell(_key);

    /// <summary>Its name; empty for none.</summary>
    public ReadOnlySpan<byte> Name => Cell(_name);

    /// <summary>What is said of it; empty for nothing.</summary>
    public ReadOnlySpan<byte> Description => Cell(_description);

    /// <summary>Its id; empty for none.</summary>
    public ReadOnlySpan<byte> Id => Cell(_id);

    /// <summary>Ids of usage plans, with commas between them; empty for none.</summary>
    public ReadOnlySpan<byte> PlanIds => Cell(_plans);

    /// <summary>Whether the key opens anything: so where nothing is said of it.</summary>
    public bool IsEnabled { get; private set; }

    /// <summary>Reads the names of the columns; false when they are not those of a file of keys.</summary>
    public bool TryReadColumns()
    {
        // Behind a byte order mark the first name may stand in quotes.
        Fill();
        if (_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8)) _at = 3;
        if (!TryReadRow())
        {
            if (!_problems.HasErrors) _problems.Error(ProblemCode.EmptyDocument, new Origin(_document, "", 1, 1), "The file of API keys is empty. Its first row names the columns: name,key.");
            return false;
        }

        for (int i = 0; i < _count; i++)
        {
            ReadOnlySpan<byte> name = Cell(i);
            if (Is(name, "name"u8)) _name = i;
            else if (Is(name, "key"u8)) _key = i;
            else if (Is(name, "description"u8)) _description = i;
            else if (Is(name, "id"u8)) _id = i;
            else if (Is(name, "enabled"u8)) _enabled = i;
            else if (Is(name, "usageplanids"u8)) _plans = i;
        }

        if (_key >= 0 && _name >= 0) return true;
        _problems.Error(ProblemCode.Missing, Origin, $"The file of API keys has no column \"{(_key < 0 ? "key" : "name")}\". Its first row names the columns: name,key, and if wanted id,description,enabled,usagePlanIds.");
        return false;
    }

    /// <summary>Reads the next key; false at the end, and where the file cannot be read on.</summary>
    public bool TryRead()
    {
        while (TryReadRow())
        {
            if (_count <= _key)
            {
                // A line without anything is no key that lacks a value.
                if (_count == 1 && Cell(0).IsEmpty) continue;
                _problems.Error(ProblemCode.Missing, Origin, "A row of the file of API keys has no key. Add it, or remove the row.");
                continue;
            }

            ReadOnlySpan<byte> enabled = Cell(_enabled);
            IsEnabled = enabled.IsEmpty || Is(enabled, "true"u8);
            if (IsEnabled || Is(enabled, "false"u8)) return true;
            _problems.Error(ProblemCode.NotAllowed, Origin, "A row of the file of API keys has something else than true or false for enabled. Correct it.");
        }

        return false;
    }

    private static bool Is(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(cell, word);

    private ReadOnlySpan<byte> Cell(int column)
    {
        if ((uint)column >= (uint)_count) return default;
        (int start, int length) = _cells[column];
        return _buffer.AsSpan(start, length).Trim(" \t"u8);
    }

    private bool TryReadRow()
    {
        Line = _nextLine;
        if (_end - _at < MostRow && !_isAtEnd) Fill();
        if (_at == _end) return false;
        _count = 0;
        while (true)
        {
            if (!TryReadCell(out bool isLast)) return false;
            if (isLast) return true;
        }
    }

    // Cells are put together where they stand: taking the quotes off only makes them shorter.
    private bool TryReadCell(out bool isLast)
    {
        isLast = false;
        int start = _at;
        int write = _at;
        bool quoted = _at < _end && _buffer[_at] == '"';
        if (quoted)
        {
            start = write = ++_at;
            while (true)
            {
                if (_at == _end) return Broken("a quote that does not end");
                byte b = _buffer[_at++];
                if (b == '\n') _nextLine++;
                if (b == '"')
                {
                    if (_at == _end || _buffer[_at] != '"') break;
                    _at++;
                }

                _buffer[write++] = b;
            }
        }

        int plain = _buffer.AsSpan(_at, _end - _at).IndexOfAny((byte)',', (byte)'\n', (byte)'\r');
        if (plain < 0 && !_isAtEnd) return Broken($"more than {MostRow} bytes");
        plain = plain < 0 ? _end - _at : plain;
        if (quoted && plain != 0 && _buffer.AsSpan(_at, plain).ContainsAnyExcept((byte)' ', (byte)'\t')) return Broken("something behind a quote");
        if (!quoted) write += plain;
        _at += plain;
        if (_count < MostColumns) _cells[_count++] = (start, write - start);
        if (_at - start > MostRow) return Broken($"more than {MostRow} bytes");
        if (_at < _end && _buffer[_at] == ',')
        {
            _at++;
            return true;
        }

        isLast = true;
        if (_at < _end && _buffer[_at] == '\r') _at++;
        if (_at < _end && _buffer[_at] == '\n') _at++;
        _nextLine++;
        return true;
    }

    private bool Broken(string what)
    {
        _problems.Error(ProblemCode.Syntax, Origin, $"A row of the file of API keys has {what}. Correct it; nothing behind it was read.");
        _at = _end;
        _isAtEnd = true;
        return false;
    }

    private void Fill()
    {
        _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
        (_at, _end) = (0, _end - _at);
        while (_end < _buffer.Length)
        {
            int read = _stream.Read(_buffer.AsSpan(_end));
            if (read == 0)
            {
                _isAtEnd = true;
                return;
            }

            _end += read;
        }
    }
}
