using System.Runtime.CompilerServices;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Templates.Execution;

/// <summary>Goes through the elements of a list or the members of a map, whichever way they are kept.</summary>
/// <remarks>A list that changes meanwhile does no harm: the position is checked at each step.</remarks>
internal struct Children
{
    private readonly Memory _memory;
    private readonly ValueKind _kind;
    private readonly int _container;

    // Behind an array of JSON.
    private readonly int _end;
    private int _at;

    public Children(Memory memory, Value container)
    {
        container = memory.Resolve(container);
        _memory = memory;
        _kind = container.Kind;
        _container = _kind is ValueKind.JsonArray or ValueKind.JsonObject ? container.Node : container.A;
        _at = _kind switch
        {
            ValueKind.JsonArray or ValueKind.JsonObject => _container + 1,
            ValueKind.Iterator => memory.List(_container).Cursor,
            _ => 0,
        };
        _end = _kind == ValueKind.JsonArray ? memory.Tape[_container].Next : 0;
        Key = default;
        Current = default;
    }

    /// <summary>The key of a member.</summary>
    public Value Key { get; private set; }

    public Value Current { get; private set; }

    /// <summary>Whether another step would find something.</summary>
    public readonly bool HasNext
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _kind == ValueKind.JsonArray ? _at < _end : HasOtherNext;
    }

    private readonly bool HasOtherNext
    {
        get
        {
            switch (_kind)
            {
                case ValueKind.List or ValueKind.Iterator:
                    return _at < _memory.List(_container).Count;
                default:
                    Children copy = this;
                    return copy.MoveNext();
            }
        }
    }

    /// <summary>The next element, written where it is to stand; false, and nothing written, at the end.</summary>
    public bool TryTake(ref Value into)
    {
        if (_kind != ValueKind.JsonArray)
        {
            if (!MoveNext()) return false;
            into.Set(Current);
            return true;
        }

        if (_at >= _end) return false;
        _memory.ValueOf(_at, ref into);
        _at = _memory.Tape.After(_at);
        return true;
    }

    public bool MoveNext()
    {
        switch (_kind)
        {
            case ValueKind.List or ValueKind.Iterator:
                VtlList list = _memory.List(_container);
                if (_at >= list.Count) return false;
                Current = list.Items[_at++];
                return true;
            case ValueKind.Map:
                VtlMap map = _memory.Map(_container);
                if (_at >= map.Count) return false;
                Key = map.Keys[_at];
                Current = map.Values[_at++];
                return true;
            case ValueKind.JsonArray:
                if (_at >= _end) return false;
                Current = _memory.ValueOf(_at);
                _at = _memory.Tape.After(_at);
                return true;
            case ValueKind.JsonObject:
                JsonTape tape = _memory.Tape;
                for (int end = tape[_container].Next; _at < end;)
                {
                    int key = _at;
                    _at = tape.After(key + 1);
                    if (tape[key].Kind == JsonKind.DeadKey) continue;
                    Key = _memory.ValueOf(key);
                    Current = _memory.ValueOf(key + 1);
                    return true;
                }

                return false;
            default:
                return false;
        }
    }
}
