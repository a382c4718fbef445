using EdgeProxy.Core.Patterns;
using EdgeProxy.Gateway.Validation.Patterns;

namespace EdgeProxy.Compiler.Patterns;

/// <summary>Makes the table of an <see cref="AutomatonPattern"/>: a machine with choices out of the expression, then one without out of that.</summary>
internal sealed class AutomatonBuilder
{
    /// <summary>Most states with choices.</summary>
    private const int MostStates = 10_000;

    /// <summary>Most entries of the table, 4 bytes each.</summary>
    private const int MostEntries = 64 * 1024;

    private readonly List<State> _states = [];

    private enum Kind : byte
    {
        Bytes,
        Split,
        Start,
        End,
        Match,
    }

    /// <summary>The table; null when the expression looks around or refers back, or when the table would be too large.</summary>
    public static AutomatonPattern? Build(string source, PatternNode pattern)
    {
        var builder = new AutomatonBuilder();
        int match = builder.Add(new State(Kind.Match));
        int start = builder.Add(pattern, match);
        return start < 0 ? null : builder.Tabulate(source, start);
    }

    private int Add(State state)
    {
        if (_states.Count >= MostStates) return -1;
        _states.Add(state);
        return _states.Count - 1;
    }

    /// <summary>Adds a part that goes on to a state; its first state, or -1.</summary>
    private int Add(PatternNode node, int next)
    {
        if (next < 0) return -1;
        switch (node)
        {
            case PatternNode.Anchor { Kind: PatternAnchor.TextStart }:
                return Add(new State(Kind.Start) { Next = next });
            case PatternNode.Anchor { Kind: PatternAnchor.TextEnd }:
                return Add(new State(Kind.End) { Next = next });
            case PatternNode.Anchor { Kind: PatternAnchor.TextEndOrLastLine } when _states[next].Kind == Kind.End:
                return next; // where the end alone can follow, the other place where it holds is none
            case PatternNode.Group group:
                return Add(group.Part, next);
            case PatternNode.Character character:
                return AddSet(character.Set, next);
            case PatternNode.Sequence sequence:
                for (int i = sequence.Parts.Count - 1; i >= 0; i--) next = Add(sequence.Parts[i], next);
                return next;
            case PatternNode.Choice choice:
                int first = Add(choice.Options[^1], next);
                for (int i = choice.Options.Count - 2; i >= 0 && first >= 0; i--)
                {
                    int option = Add(choice.Options[i], next);
                    first = option < 0 ? -1 : Add(new State(Kind.Split) { Next = option, Other = first });
                }

                return first;
            case PatternNode.Repeat repeat when repeat.Greed != PatternGreed.Possessive:
                return AddRepeat(repeat, next);
            default:
                return -1;
        }
    }

    private int AddRepeat(PatternNode.Repeat repeat, int next)
    {
        int entry = next;
        if (repeat.Most == PatternNode.Repeat.Unbounded)
        {
            var split = new State(Kind.Split) { Next = next, Other = next };
            entry = Add(split);
            if (entry < 0) return -1;
            int body = Add(repeat.Part, entry);
            if (body < 0) return -1;
            split.Other = body;
        }

        // What has taken no state takes none however often.
        for (int i = repeat.Least; i < repeat.Most && repeat.Most < PatternNode.Repeat.Unbounded; i++)
        {
            int body = Add(repeat.Part, entry);
            if (body == entry) break;
            entry = body < 0 ? -1 : Add(new State(Kind.Split) { Next = body, Other = next });
            if (entry < 0) return -1;
        }

        for (int i = 0; i < repeat.Least; i++)
        {
            int body = Add(repeat.Part, entry);
            if (body == entry) break;
            entry = body;
            if (entry < 0) return -1;
        }

        return entry;
    }

    private int AddSet(CodePointSet set, int next)
    {
        var sequences = new List<byte[]>();
        for (int range = 0; range < set.Ranges; range++) Utf8Ranges.Add(set.First(range), set.Final(range), sequences);
        return AddSequences([.. sequences], depth: 0, next, new Dictionary<string, int>(StringComparer.Ordinal));
    }

    /// <summary>Adds one state for the bytes at a depth: sequences that begin alike share it, and so do beginnings that go on alike.</summary>
    private int AddSequences(ReadOnlySpan<byte[]> sequences, int depth, int next, Dictionary<string, int> known)
    {
        var edges = new List<Edge>();
        var key = new System.Text.StringBuilder();
        for (int i = 0; i < sequences.Length;)
        {
            (byte from, byte to) = (sequences[i][depth], sequences[i][depth + 1]);
            int same = i + 1;
            while (same < sequences.Length && sequences[same][depth] == from && sequences[same][depth + 1] == to) same++;
            int target = sequences[i].Length == depth + 2 ? next : AddSequences(sequences[i..same], depth + 2, next, known);
            if (target < 0) return -1;
            edges.Add(new Edge(from, to, target));
            key.Append((char)from).Append((char)to).Append((char)target);
            i = same;
        }

        // States are fewer than a character can count.
        if (known.TryGetValue(key.ToString(), out int state)) return state;
        state = Add(new State(Kind.Bytes) { Edges = [.. edges] });
        known[key.ToString()] = state;
        return state;
    }

    private AutomatonPattern? Tabulate(string source, int start)
    {
        byte[] classes = Classes(out int rowLength);
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        var sets = new List<int[]> { Array.Empty<int>(), Array.Empty<int>() };
        var table = new List<int>(new int[rowLength * 2]);
        int[] anywhere = Closure([start], isStart: false, isEnd: false);
        int first = RowOf(Closure([start], isStart: true, isEnd: false));
        var ends = new List<bool> { false, true };
        SortedSet<int>[] cells = [.. Enumerable.Range(0, rowLength).Select(static _ => new SortedSet<int>())];
        var closures = new int[]?[_states.Count];
        for (int row = 2; row < sets.Count; row++)
        {
            ends.Add(Closure(sets[row], isStart: row == first / rowLength, isEnd: true).Any(IsMatch));
            foreach (SortedSet<int> cell in cells) cell.Clear();
            foreach (Edge edge in sets[row].SelectMany(state => _states[state].Edges))
            {
                int[] reached = closures[edge.Next] ??= Closure([edge.Next], isStart: false, isEnd: false);
                for (int cell = classes[edge.From]; cell <= classes[edge.To]; cell++) cells[cell].UnionWith(reached);
            }

            for (int cell = 0; cell < rowLength; cell++)
            {
                cells[cell].UnionWith(anywhere);
                int target = RowOf([.. cells[cell]]);
                table[(row * rowLength) + cell] = target;
            }

            if (table.Count > MostEntries) return null;
        }

        return new AutomatonPattern(source, classes, [.. table], rowLength, first, [.. ends]);

        int RowOf(int[] set)
        {
            if (set.Length == 0) return 0;
            if (set.Any(IsMatch)) return rowLength;
            string key = string.Create(set.Length, set, static (text, states) =>
            {
                for (int i = 0; i < states.Length; i++) text[i] = (char)states[i];
            });

            // The first state is one of its own: only there is the text's start.
            if (sets.Count == 2) key = "";
            if (rows.TryGetValue(key, out int row)) return row;
            row = sets.Count * rowLength;
            rows.Add(key, row);
            sets.Add(set);
            table.AddRange(new int[rowLength]);
            return row;
        }
    }

    private bool IsMatch(int state) => _states[state].Kind == Kind.Match;

    // What can be reached without a byte, as far as it waits for one, or for the end.
    private int[] Closure(IEnumerable<int> from, bool isStart, bool isEnd)
    {
        var reached = new SortedSet<int>();
        var visited = new HashSet<int>();
        var open = new Stack<int>(from);
        while (open.TryPop(out int number))
        {
            if (!visited.Add(number)) continue;
            State state = _states[number];
            switch (state.Kind)
            {
                case Kind.Split:
                    open.Push(state.Next);
                    open.Push(state.Other);
                    break;
                case Kind.Start:
                    if (isStart) open.Push(state.Next);
                    break;
                case Kind.End:
                    reached.Add(number);
                    if (isEnd) open.Push(state.Next);
                    break;
                default:
                    reached.Add(number);
                    break;
            }
        }

        return [.. reached];
    }

    // Bytes that every state treats alike share a class.
    private byte[] Classes(out int count)
    {
        var begins = new bool[257];
        foreach (State state in _states)
        {
            foreach (Edge edge in state.Edges)
            {
                begins[edge.From] = true;
                begins[edge.To + 1] = true;
            }
        }

        var classes = new byte[256];
        int number = 0;
        for (int value = 1; value < 256; value++)
        {
            if (begins[value]) number++;
            classes[value] = (byte)number;
        }

        count = number + 1;
        return classes;
    }

    private sealed class State(Kind kind)
    {
        public Kind Kind => kind;

        public int Next { get; init; }

        public int Other { get; set; }

        /// <summary>For bytes: where each of them leads; ranges that do not overlap.</summary>
        public Edge[] Edges { get; init; } = [];
    }

    private sealed class Edge(byte from, byte to, int next)
    {
        public byte From => from;

        public byte To => to;

        public int Next => next;
    }
}
