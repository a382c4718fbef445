using EdgeProxy.Core.Patterns;
using EdgeProxy.Templates.Execution;
using EdgeProxy.Templates.Functions;

namespace EdgeProxy.Templates.JsonPath;

/// <summary>One evaluation of a path.</summary>
/// <param name="machine">The run, whose steps it takes.</param>
/// <param name="root">What <c>$</c> is.</param>
/// <param name="segment">Where the texts of the path's filters are.</param>
internal readonly ref struct PathEvaluation(Machine machine, Value root, int segment)
{
    private readonly Machine _machine = machine;
    private readonly Memory _memory = machine.Memory;

    /// <summary>What a path leads to from a value; false for nowhere.</summary>
    public bool TryFind(ReadOnlySpan<PathStep> steps, Value from, out Value found)
    {
        found = _memory.Resolve(from);
        for (int i = 0; i < steps.Length; i++)
        {
            PathStep step = steps[i];
            if (!_machine.TryStep()) return false;
            if (step.Kind == PathStepKind.Function) return TryApply(step, from, found, out found);
            bool isLast = i == steps.Length - 1;
            if (!IsDefinite(step, isLast)) return TryFindAll(steps[i..], found, out found);
            if (step.Names.Length > 1) return TryMembers(found, step, out found);
            bool isThere = step.Kind == PathStepKind.Indexes
                ? TryElement(found, step.Indexes[0], out found)
                : TryMember(found, step.Names[0].Name, step.Names[0].Hash, out found);
            if (!isThere) return TryNothing(steps[i..], out found);
        }

        return true;
    }

    // What an indefinite path leads to is a list, also where it breaks off before its first indefinite step.
    private bool TryNothing(ReadOnlySpan<PathStep> rest, out Value found)
    {
        found = Value.Null;
        if (rest[^1].Kind == PathStepKind.Function || IsDefinite(rest)) return false;
        found = _memory.NewList(isJson: true);
        return true;
    }

    // In Jayway several names at the end of a path make one object of those members.
    private static bool IsDefinite(PathStep step, bool isLast) =>
        (step.Kind == PathStepKind.Indexes && step.Indexes.Length == 1) || (step.Kind == PathStepKind.Names && (step.Names.Length == 1 || isLast));

    private bool TryFindAll(ReadOnlySpan<PathStep> steps, Value from, out Value found)
    {
        PathStep? function = steps[^1].Kind == PathStepKind.Function ? steps[^1] : null;
        found = _memory.NewList(isJson: true);
        Visit(function is null ? steps : steps[..^1], from, found, 0);
        return function is null || TryApply(function, from, found, out found);
    }

    private void Visit(ReadOnlySpan<PathStep> steps, Value value, Value results, int depth)
    {
        if (!_machine.TryStep() || !_machine.TryEnter(depth)) return;
        value = _memory.Resolve(value);
        if (steps.IsEmpty)
        {
            _memory.Add(results, value);
            return;
        }

        PathStep step = steps[0];
        ReadOnlySpan<PathStep> rest = steps[1..];
        switch (step.Kind)
        {
            case PathStepKind.Names when step.Names.Length > 1 && rest.IsEmpty:
                if (TryMembers(value, step, out Value members)) _memory.Add(results, members);
                break;
            case PathStepKind.Names:
                foreach ((byte[] name, int hash) in step.Names)
                {
                    if (TryMember(value, name, hash, out Value member)) Visit(rest, member, results, depth + 1);
                }

                break;
            case PathStepKind.Indexes:
                foreach (int index in step.Indexes)
                {
                    if (TryElement(value, index, out Value element)) Visit(rest, element, results, depth + 1);
                }

                break;
            case PathStepKind.Slice:
                VisitSlice(step, rest, value, results, depth);
                break;
            case PathStepKind.All:
                var all = new Children(_memory, value);
                while (all.MoveNext() && !_machine.HasFault) Visit(rest, all.Current, results, depth + 1);
                break;
            case PathStepKind.Deep:
                VisitDeep(rest, value, results, depth);
                break;
            case PathStepKind.Filter:
                if (IsMap(value))
                {
                    if (Holds(step.Filter!, value)) Visit(rest, value, results, depth + 1);
                    break;
                }

                var candidates = new Children(_memory, value);
                while (candidates.MoveNext() && !_machine.HasFault)
                {
                    if (Holds(step.Filter!, candidates.Current)) Visit(rest, candidates.Current, results, depth + 1);
                }

                break;
        }
    }

    // A node before what is in it.
    private void VisitDeep(ReadOnlySpan<PathStep> rest, Value value, Value results, int depth)
    {
        if (!_machine.TryStep() || !_machine.TryEnter(depth)) return;
        value = _memory.Resolve(value);
        if (!IsMap(value) && !IsList(value)) return;
        if (Takes(rest, value)) Visit(rest, value, results, depth + 1);
        var children = new Children(_memory, value);
        while (children.MoveNext() && !_machine.HasFault) VisitDeep(rest, children.Current, results, depth + 1);
    }

    // Which nodes of a scan the next step is taken from. A filter's candidates are in the scan themselves, so that a list is none
    // but where the filter holds for the list; of several names at the end an object has to have all.
    private bool Takes(ReadOnlySpan<PathStep> rest, Value value)
    {
        if (rest.IsEmpty) return true;
        if (rest[0].Kind == PathStepKind.Filter) return !IsList(value) || Holds(rest[0].Filter!, value);
        if (rest[0].Names.Length < 2 || rest.Length > 1) return true;
        foreach ((byte[] name, int hash) in rest[0].Names)
        {
            if (!TryMember(value, name, hash, out _)) return false;
        }

        return true;
    }

    private void VisitSlice(PathStep step, ReadOnlySpan<PathStep> rest, Value value, Value results, int depth)
    {
        if (!IsList(value)) return;
        int count = Lists.Count(_machine, value);
        long from = step.From ?? 0;
        long to = step.To ?? count;
        if (from < 0) from = Math.Max(0, from + count);
        if (to < 0) to += count;
        var children = new Children(_memory, value);
        for (int i = 0; i < to && children.MoveNext() && !_machine.HasFault; i++)
        {
            if (i >= from) Visit(rest, children.Current, results, depth + 1);
            else _machine.TryStep();
        }
    }

    private bool IsMap(Value value) => _memory.Resolve(value).Kind is ValueKind.JsonObject or ValueKind.Map;

    private bool IsList(Value value) => _memory.Resolve(value).Kind is ValueKind.JsonArray or ValueKind.List;

    private bool TryMember(Value value, byte[] name, int hash, out Value member)
    {
        member = Value.Null;
        if (value.Kind == ValueKind.JsonObject)
        {
            if (!_machine.TryStepsForMember(value)) return false;
            int node = _memory.FindMember(value.Node, name, hash);
            if (node >= 0) member = _memory.ValueOf(node);
            return node >= 0;
        }

        if (value.Kind != ValueKind.Map) return false;
        VtlMap map = _memory.Map(value);
        int position = _memory.Find(map, name, hash);
        if (position >= 0) member = _memory.Resolve(map.Values[position]);
        return position >= 0;
    }

    private bool TryMembers(Value value, PathStep step, out Value members)
    {
        members = Value.Null;
        if (!IsMap(value)) return false;
        members = _memory.NewMap();
        foreach ((byte[] name, int hash) in step.Names)
        {
            if (TryMember(value, name, hash, out Value member)) _memory.Put(members, _memory.Keep(name), member);
        }

        return true;
    }

    private bool TryElement(Value value, int index, out Value element)
    {
        element = Value.Null;
        if (!IsList(value)) return false;
        int count = Lists.Count(_machine, value);
        if (index < 0) index += count;
        if (index < 0 || index >= count) return false;
        element = _memory.Resolve(Lists.ItemAt(_machine, value, index));
        return true;
    }

    private bool Holds(FilterNode node, Value element)
    {
        if (!_machine.TryStep()) return false;
        switch (node.Operator)
        {
            case FilterOperator.Or:
                return Holds(node.First!, element) || Holds(node.Second!, element);
            case FilterOperator.And:
                return Holds(node.First!, element) && Holds(node.Second!, element);
            case FilterOperator.Not:
                return !Holds(node.First!, element);
            case FilterOperator.Exists:
                bool exists = TryValue(node.Left!, element, out Value there);
                return exists && (IsDefinite(node.Left!.Path!) || Lists.Count(_machine, there) > 0);
        }

        if (node.Operator == FilterOperator.Matches)
        {
            // The pattern may stand on either side.
            (FilterOperand subject, PatternProgram? pattern) = node.Right!.Pattern is { } onTheRight ? (node.Left!, onTheRight) : (node.Right, node.Left!.Pattern);
            return pattern is not null && TryValue(subject, element, out Value matched) && Matches(pattern, matched);
        }

        bool hasLeft = TryValue(node.Left!, element, out Value left);
        bool hasRight = TryValue(node.Right!, element, out Value right);
        bool both = hasLeft && hasRight;
        return node.Operator switch
        {
            FilterOperator.Equal => both && AreEqual(left, right),
            FilterOperator.NotEqual => !both || !AreEqual(left, right),
            FilterOperator.Less => both && TryOrder(left, right, out int order) && order < 0,
            FilterOperator.LessOrEqual => both && TryOrder(left, right, out int order) && order <= 0,
            FilterOperator.Greater => both && TryOrder(left, right, out int order) && order > 0,
            FilterOperator.GreaterOrEqual => both && TryOrder(left, right, out int order) && order >= 0,
            FilterOperator.In => both && IsList(right) && Has(right, left),
            FilterOperator.NotIn => hasRight && IsList(right) && !(hasLeft && Has(right, left)),
            FilterOperator.SubsetOf => both && IsList(left) && IsList(right) && HasAll(right, left),
            FilterOperator.AllOf => both && IsList(left) && IsList(right) && HasAll(left, right),
            FilterOperator.AnyOf => both && IsList(left) && IsList(right) && HasAny(left, right),
            FilterOperator.NoneOf => both && IsList(left) && IsList(right) && !HasAny(left, right),
            FilterOperator.Contains => both && (IsList(left) ? Has(left, right) : left.IsText && right.IsText && _machine.TryStepsFor(left.Length) && _machine.TryStepsForSearch(left.Length, right.Length) && _memory.Bytes(left).IndexOf(_memory.Bytes(right)) >= 0),
            FilterOperator.Size => both && right.Kind == ValueKind.Integer && SizeOf(left) == right.Integer,
            _ => both && right.Kind == ValueKind.Boolean && SizeOf(left) >= 0 && (SizeOf(left) == 0) == right.Boolean,
        };
    }

    // Texts, and numbers and truths as they are written; a list when one of its items does.
    private bool Matches(PatternProgram pattern, Value value)
    {
        if (!IsList(value)) return (value.IsText || value.IsNumber || value.Kind == ValueKind.Boolean) && _machine.Matches(pattern, _memory.Bytes(_machine.TextOf(value)));
        var children = new Children(_memory, value);
        while (children.MoveNext() && _machine.TryStep())
        {
            if (!IsList(children.Current) && Matches(pattern, children.Current)) return true;
        }

        return false;
    }

    private static bool IsDefinite(ReadOnlySpan<PathStep> steps)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i].Kind != PathStepKind.Function && !IsDefinite(steps[i], i == steps.Length - 1)) return false;
        }

        return true;
    }

    private bool TryValue(FilterOperand operand, Value element, out Value value)
    {
        if (operand.Path is { } path) return TryFind(path, operand.FromRoot ? root : element, out value);
        value = operand.Literal;
        if (value.IsText) value = Value.Text(segment, value.Offset, value.Length);
        if (operand.Items is { } items)
        {
            value = _memory.NewList(isJson: true);
            foreach (FilterOperand item in items)
            {
                if (TryValue(item, element, out Value made)) _memory.Add(value, made);
            }
        }

        return operand.Pattern is null;
    }

    // A number and a text are equal when the text is that number.
    private bool AreEqual(Value left, Value right)
    {
        if (left.IsNull || right.IsNull) return left.IsNull && right.IsNull;
        if (left.IsNumber && right.IsText) return _machine.TryStepsFor(right.Length) && Numbers.TryReadDecimal(_memory.Bytes(right), out double number) && Operators.ToDecimal(_machine, left) == number;
        if (left.IsText && right.IsNumber) return AreEqual(right, left);
        return Operators.AreSame(_machine, left, right) || (left.IsNumber && right.IsNumber && Operators.Compare(_machine, left, right) == 0);
    }

    private bool TryOrder(Value left, Value right, out int order)
    {
        order = 0;
        if (left.IsNumber && right.IsNumber) order = Operators.Compare(_machine, left, right);
        else if (left.IsText && right.IsText && _machine.TrySteps(Math.Min(left.Length, right.Length) >> 6)) order = _memory.Bytes(left).SequenceCompareTo(_memory.Bytes(right));
        else return false;
        return true;
    }

    private bool Has(Value list, Value item)
    {
        var children = new Children(_memory, list);
        while (children.MoveNext() && _machine.TryStep())
        {
            if (AreEqual(children.Current, item)) return true;
        }

        return false;
    }

    private bool HasAll(Value list, Value items)
    {
        var children = new Children(_memory, items);
        while (children.MoveNext())
        {
            if (!Has(list, children.Current)) return false;
        }

        return true;
    }

    private bool HasAny(Value list, Value items)
    {
        var children = new Children(_memory, items);
        while (children.MoveNext())
        {
            if (Has(list, children.Current)) return true;
        }

        return false;
    }

    private long SizeOf(Value value) => value.IsText ? _machine.TryStepsFor(value.Length) ? Utf8.Units(_memory.Bytes(value)) : 0 : IsList(value) || IsMap(value) ? Lists.Count(_machine, _memory.Resolve(value)) : -1;

    private bool TryApply(PathStep step, Value from, Value value, out Value result)
    {
        result = Value.Null;
        value = _memory.Resolve(value);
        switch (step.Function)
        {
            case PathFunction.Length:
                if (!IsList(value) && !IsMap(value) && !value.IsText) return false;
                result = Value.Of(SizeOf(value));
                return true;
            case PathFunction.Keys:
                if (!IsMap(value)) return false;
                result = _memory.NewList(isJson: true);
                var members = new Children(_memory, value);
                while (members.MoveNext() && _machine.TryStep()) _memory.Add(result, members.Key);
                return true;
            case PathFunction.First:
                return TryElement(value, 0, out result);
            case PathFunction.Last:
                return TryElement(value, -1, out result);
            case PathFunction.Index:
                return step.Arguments is [{ Literal: { Kind: ValueKind.Integer } index }] && TryElement(value, (int)Math.Clamp(index.Integer, int.MinValue, int.MaxValue), out result);
            case PathFunction.Append:
                if (!IsList(value)) return false;
                result = _memory.NewList(isJson: true);
                var items = new Children(_memory, value);
                while (items.MoveNext() && _machine.TryStep()) _memory.Add(result, items.Current);
                foreach (FilterOperand argument in step.Arguments)
                {
                    if (TryValue(argument, from, out Value appended)) _memory.Add(result, appended);
                }

                return true;
            case PathFunction.Concat:
                return TryConcat(step, from, value, out result);
            default:
                return TryAggregate(step, from, value, out result);
        }
    }

    private bool TryConcat(PathStep step, Value from, Value value, out Value result)
    {
        result = Value.EmptyText;
        if (IsList(value))
        {
            var children = new Children(_memory, value);
            while (children.MoveNext() && _machine.TryStep())
            {
                if (children.Current.IsText) result = Operators.Join(_machine, result, children.Current);
            }
        }

        foreach (FilterOperand argument in step.Arguments)
        {
            if (TryValue(argument, from, out Value part)) result = Operators.Join(_machine, result, _machine.TextOf(part));
        }

        return true;
    }

    private bool TryAggregate(PathStep step, Value from, Value value, out Value result)
    {
        result = Value.Null;
        double sum = 0;
        double squares = 0;
        double least = double.PositiveInfinity;
        double most = double.NegativeInfinity;
        long count = 0;
        if (IsList(value))
        {
            var children = new Children(_memory, value);
            while (children.MoveNext() && _machine.TryStep()) Add(children.Current, _machine);
        }

        foreach (FilterOperand argument in step.Arguments)
        {
            if (TryValue(argument, from, out Value part)) Add(part, _machine);
        }

        if (count == 0) return false;
        result = Value.Of(step.Function switch
        {
            PathFunction.Min => least,
            PathFunction.Max => most,
            PathFunction.Sum => sum,
            PathFunction.Avg => sum / count,
            _ => Math.Sqrt((squares / count) - (sum / count * (sum / count))),
        });
        return true;

        void Add(Value item, Machine machine)
        {
            if (!item.IsNumber) return;
            double number = Operators.ToDecimal(machine, item);
            sum += number;
            squares += number * number;
            least = Math.Min(least, number);
            most = Math.Max(most, number);
            count++;
        }
    }
}
