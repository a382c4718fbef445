namespace EdgeProxy.Core.Patterns;

/// <summary>A part of a regular expression.</summary>
public abstract class PatternNode
{
    /// <summary>One code point of a set.</summary>
    public sealed class Character(CodePointSet set) : PatternNode
    {
        public CodePointSet Set => set;
    }

    /// <summary>Parts one behind the other; without any, the empty text.</summary>
    public sealed class Sequence(IReadOnlyList<PatternNode> parts) : PatternNode
    {
        public IReadOnlyList<PatternNode> Parts => parts;
    }

    /// <summary>One of several, the first that goes on.</summary>
    public sealed class Choice(IReadOnlyList<PatternNode> options) : PatternNode
    {
        public IReadOnlyList<PatternNode> Options => options;
    }

    /// <summary>A part several times.</summary>
    /// <param name="part">The part.</param>
    /// <param name="least">At least so often.</param>
    /// <param name="most">At most so often; <see cref="Unbounded"/> for any number.</param>
    /// <param name="greed">Which number is tried first.</param>
    public sealed class Repeat(PatternNode part, int least, int most, PatternGreed greed) : PatternNode
    {
        /// <summary>Any number of times.</summary>
        public const int Unbounded = int.MaxValue;

        public PatternNode Part => part;

        public int Least => least;

        public int Most => most;

        public PatternGreed Greed => greed;
    }

    /// <summary>A group whose text is kept.</summary>
    public sealed class Group(PatternNode part, int number) : PatternNode
    {
        public PatternNode Part => part;

        public int Number => number;
    }

    /// <summary>A place in the text.</summary>
    public sealed class Anchor(PatternAnchor kind) : PatternNode
    {
        public PatternAnchor Kind => kind;
    }

    /// <summary>What has to follow or come before, or must not.</summary>
    public sealed class Look(PatternNode part, bool isBehind, bool isNegated) : PatternNode
    {
        public PatternNode Part => part;

        public bool IsBehind => isBehind;

        public bool IsNegated => isNegated;
    }

    /// <summary>A part in the first way that it matches, and no other.</summary>
    public sealed class Atomic(PatternNode part) : PatternNode
    {
        public PatternNode Part => part;
    }

    /// <summary>The text of a group again.</summary>
    /// <param name="number">The group's.</param>
    /// <param name="ignoresCase">Whether ASCII letters may differ in case.</param>
    /// <param name="isEmptyWhenUnset">Whether a group that took no part counts as one that took nothing (ECMA 262, 22.2.2.7.2); else it never matches.</param>
    public sealed class BackReference(int number, bool ignoresCase, bool isEmptyWhenUnset) : PatternNode
    {
        public int Number => number;

        public bool IgnoresCase => ignoresCase;

        public bool IsEmptyWhenUnset => isEmptyWhenUnset;
    }
}
