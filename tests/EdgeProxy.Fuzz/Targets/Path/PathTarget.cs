using EdgeProxy.Core.Buffers;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>The rules of raw paths, and percent-coding.</summary>
internal sealed class PathTarget : FuzzTarget
{
    private readonly byte[] _one = new byte[64 * 1024];
    private readonly byte[] _other = new byte[64 * 1024];

    public override string Name => "Path";

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "/", "//", "/.", "/..", "/./", "/../", "%2e", "%2E%2e", "/%2e%2e/", "%2f", "%2F..%2F", "%5c", "\\", "%00", "\0", "%", "%%", "%2", "%zz", "%252e", "..;/", ";", "#", "?",
        "%c0%ae", "%c0%af", "%e0%80%af", "%f0%80%80%af", "%0d%0a", "\r\n", " ", "+", "%20", "\u00e9", "%ff", "...", ".%2e",
    ];

    public override ulong Run(byte[] input)
    {
        Percent(input);

        // A request target's path starts with a slash: the parser sees to it.
        byte[] path = input.Length > 0 && input[0] == '/' ? input : [(byte)'/', .. input];
        ViolationCode reject = PathRules.Check(path, DotSegments.Reject, out bool rejectResolves);
        ViolationCode keep = PathRules.Check(path, DotSegments.Keep, out bool keepResolves);
        ViolationCode resolve = PathRules.Check(path, DotSegments.Resolve, out bool resolves);
        Promise.That(!rejectResolves && !keepResolves, "Only one mode resolves");
        Promise.That(reject is ViolationCode.None or ViolationCode.BadPath or ViolationCode.DotSegment, "A path is good, bad or has dots");
        Promise.Same(reject, PathRules.Check(path), "Reject is the default");
        if (reject == ViolationCode.None) Promise.That(keep == ViolationCode.None && resolve == ViolationCode.None && !resolves, "What the strictest lets pass, all do");
        if (keep != ViolationCode.None) Promise.That(reject == keep && resolve == keep, "Bad bytes are bad in every mode");

        if (keep == ViolationCode.None)
        {
            ReadOnlySpan<byte> decoded = _one.AsSpan(0, PercentCoding.Decode(path, _one));
            Promise.That(!decoded.Contains((byte)0) && !decoded.Contains((byte)'\\'), "A good path hides neither NUL nor backslash");
            Promise.That(path.AsSpan().IndexOfAny(" #\r\n\0"u8) < 0, "A good path has only bytes of a target");
        }

        if (reject == ViolationCode.None)
        {
            int length = PercentCoding.Decode(path, _one);
            Promise.That(!HasDots(_one.AsSpan(0, length)), "A path that passed has no dot segment, however it is decoded");
        }

        if (resolve == ViolationCode.None && resolves)
        {
            int length = PathRules.Resolve(path, _other);
            ReadOnlySpan<byte> resolved = _other.AsSpan(0, length);
            Promise.That(length > 0 && length <= path.Length && resolved[0] == '/', "A resolved path is a path and no longer");
            Promise.Same(ViolationCode.None, PathRules.Check(resolved), "A resolved path passes the strictest mode");
        }

        return Outcome.None.With((int)reject).With((int)keep).With((int)resolve).With(resolves ? 1 : 0).WithCount(path.AsSpan().Count((byte)'%')).WithCount(path.AsSpan().Count((byte)'/'));
    }

    private void Percent(byte[] input)
    {
        int length = PercentCoding.Decode(input, _one);
        Promise.That(length <= input.Length, "Decoding makes nothing longer");
        input.CopyTo(_other, 0);
        Promise.Same(_one.AsSpan(0, length), _other.AsSpan(0, PercentCoding.Decode(_other.AsSpan(0, input.Length), _other)), "Decoding in place gives the same");

        var segment = new ByteWriter(_one);
        PercentCoding.EncodeSegment(input, ref segment);
        Promise.That(segment.Written.IndexOfAny("/?# \r\n\0\\"u8) < 0, "A coded segment stays one");
        Promise.Same(input, _other.AsSpan(0, PercentCoding.Decode(segment.Written, _other)), "A coded segment decodes to itself");

        var path = new ByteWriter(_one);
        PercentCoding.EncodePath(input, ref path);
        Promise.That(path.Written.IndexOfAny("?# \r\n\0\\"u8) < 0, "A coded path stays one");
        Promise.Same(input, _other.AsSpan(0, PercentCoding.Decode(path.Written, _other)), "A coded path decodes to itself");
    }

    /// <summary>Whether any segment is a dot segment, a coded slash counting as one.</summary>
    private static bool HasDots(ReadOnlySpan<byte> decoded)
    {
        foreach (Range range in decoded.Split((byte)'/'))
        {
            ReadOnlySpan<byte> segment = decoded[range];
            if (segment.SequenceEqual("."u8) || segment.SequenceEqual(".."u8)) return true;
        }

        return false;
    }
}
