using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>What the Cache-Control fields of a message say (RFC 9111, 5.2), in a request or an answer.</summary>
/// <remarks>
/// Reads any bytes and never fails. What is said twice or wrongly counts in the way that serves less from the cache: two lifetimes that differ and one that is no number are a
/// lifetime of zero (4.2.1), of two allowances the smaller one holds, and a text that is not closed forbids storing.
/// </remarks>
internal struct CacheControl
{
    /// <summary>The most seconds that are told apart: more count as this many (1.2.2).</summary>
    public const int MostSeconds = int.MaxValue;

    private const int Unsaid = -1;

    private int _maxAge;
    private int _sharedMaxAge;
    private int _maxStale;
    private int _minFresh;
    private int _staleWhileRevalidate;
    private int _staleIfError;

    public CacheControl() => _maxAge = _sharedMaxAge = _maxStale = _minFresh = _staleWhileRevalidate = _staleIfError = Unsaid;

    /// <summary>All that is said without a number.</summary>
    public CacheDirectives Directives { get; private set; }

    /// <summary>Whether there was any directive, also one that nothing knows.</summary>
    public bool IsSaid { get; private set; }

    /// <summary>Seconds; below zero when not said.</summary>
    public readonly int MaxAge => _maxAge;

    /// <summary>Seconds of <c>s-maxage</c>; below zero when not said.</summary>
    public readonly int SharedMaxAge => _sharedMaxAge;

    /// <summary>Seconds that a client takes an answer after its lifetime; below zero when not said, or without a number (<see cref="CacheDirectives.AnyStale"/>).</summary>
    public readonly int MaxStale => _maxStale;

    /// <summary>Seconds that an answer has to stay fresh for a client to take it; below zero when not said.</summary>
    public readonly int MinFresh => _minFresh;

    /// <summary>Seconds (RFC 5861, 3); below zero when not said.</summary>
    public readonly int StaleWhileRevalidate => _staleWhileRevalidate;

    /// <summary>Seconds (RFC 5861, 4); below zero when not said.</summary>
    public readonly int StaleIfError => _staleIfError;

    /// <summary>Reads all Cache-Control fields of a message, which count as one list.</summary>
    public static CacheControl Of(HeaderTable headers)
    {
        var control = new CacheControl();
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known == KnownHeader.CacheControl) control.Add(headers.Value(i));
        }

        return control;
    }

    /// <summary>The same of a request, whose <c>Pragma: no-cache</c> counts where it has no Cache-Control (5.4).</summary>
    public static CacheControl OfRequest(HeaderTable headers)
    {
        CacheControl control = Of(headers);
        if (control.IsSaid) return control;
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known != KnownHeader.Pragma) continue;
            var pragma = new CacheControl();
            pragma.Add(headers.Value(i));
            if (pragma.Has(CacheDirectives.NoCache)) control.Directives |= CacheDirectives.NoCache;
        }

        return control;
    }

    /// <summary>Whether one of them is said.</summary>
    public readonly bool Has(CacheDirectives any) => (Directives & any) != 0;

    /// <summary>Adds what one field says.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        while (DirectiveReader.TryTake(ref value, out ReadOnlySpan<byte> name, out DirectiveArgument argument)) Add(name, argument);
    }

    private void Add(ReadOnlySpan<byte> name, DirectiveArgument argument)
    {
        IsSaid = true;
        if (argument.IsUnclosed) Directives |= CacheDirectives.NoStore;
        switch (name.Length)
        {
            case 6 when Is(name, "public"u8): Directives |= CacheDirectives.Public; break;
            case 7 when Is(name, "private"u8): Directives |= CacheDirectives.Private; break;
            case 7 when Is(name, "max-age"u8): Lifetime(ref _maxAge, argument); break;
            case 8 when Is(name, "no-store"u8): Directives |= CacheDirectives.NoStore; break;
            case 8 when Is(name, "no-cache"u8): Directives |= CacheDirectives.NoCache; break;
            case 8 when Is(name, "s-maxage"u8): Lifetime(ref _sharedMaxAge, argument); break;
            case 9 when Is(name, "max-stale"u8):
                if (argument.IsThere) Allowance(ref _maxStale, argument);
                else Directives |= CacheDirectives.AnyStale;
                break;
            case 9 when Is(name, "min-fresh"u8): Demand(ref _minFresh, argument); break;
            case 12 when Is(name, "no-transform"u8): Directives |= CacheDirectives.NoTransform; break;
            case 14 when Is(name, "only-if-cached"u8): Directives |= CacheDirectives.OnlyIfCached; break;
            case 14 when Is(name, "stale-if-error"u8): Allowance(ref _staleIfError, argument); break;
            case 15 when Is(name, "must-revalidate"u8): Directives |= CacheDirectives.MustRevalidate; break;
            case 15 when Is(name, "must-understand"u8): Directives |= CacheDirectives.MustUnderstand; break;
            case 16 when Is(name, "proxy-revalidate"u8): Directives |= CacheDirectives.ProxyRevalidate; break;
            case 22 when Is(name, "stale-while-revalidate"u8): Allowance(ref _staleWhileRevalidate, argument); break;
        }
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) => Ascii.EqualsIgnoreCase(name, known);

    private static void Lifetime(ref int seconds, DirectiveArgument argument)
    {
        int said = argument.TrySeconds(out int read) ? read : 0;
        seconds = seconds == Unsaid || seconds == said ? said : 0;
    }

    private static void Allowance(ref int seconds, DirectiveArgument argument)
    {
        int said = argument.TrySeconds(out int read) ? read : 0;
        seconds = seconds == Unsaid ? said : Math.Min(seconds, said);
    }

    private static void Demand(ref int seconds, DirectiveArgument argument)
    {
        if (argument.TrySeconds(out int read)) seconds = Math.Max(seconds, read);
    }
}
