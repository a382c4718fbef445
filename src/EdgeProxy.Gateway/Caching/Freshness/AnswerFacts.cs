using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>What an answer's fields say to a cache (RFC 9111, 3 and 4).</summary>
/// <remarks>Reads any bytes and never fails. Places of fields count in the table it was read from, until that changes.</remarks>
internal struct AnswerFacts
{
    /// <summary>A time that is not said, or cannot be read.</summary>
    public const long Unsaid = long.MinValue;

    public AnswerFacts()
    {
        Date = ExpiresAt = LastModifiedAt = Unsaid;
        Tag = LastModified = -1;
        Control = new CacheControl();
    }

    public CacheControl Control { get; private set; }

    /// <summary>When it was made, in seconds since 1970; <see cref="Unsaid"/> without a readable Date.</summary>
    public long Date { get; set; }

    /// <summary>Whether there is an Expires, be it readable or not.</summary>
    public bool HasExpires { get; private set; }

    /// <summary>What Expires says; <see cref="Unsaid"/> for what is no date, such as 0, which has passed (5.3), and for two that differ.</summary>
    public long ExpiresAt { get; private set; }

    /// <summary>What Last-Modified says; <see cref="Unsaid"/> without.</summary>
    public long LastModifiedAt { get; private set; }

    /// <summary>Seconds that it has been in caches before; 0 without a readable Age.</summary>
    public int Age { get; set; }

    /// <summary>Place of the first ETag, where that is a tag; -1 without.</summary>
    public int Tag { get; private set; }

    /// <summary>Place of the first Last-Modified, where that is a date; -1 without.</summary>
    public int LastModified { get; private set; }

    /// <summary>Whether it has a Set-Cookie.</summary>
    public bool SetsCookie { get; private set; }

    /// <summary>Whether it has a Vary.</summary>
    public bool Varies { get; private set; }

    /// <summary>Whether later requests can be asked for by a condition: it has a tag or a date of change.</summary>
    public readonly bool HasValidator => Tag >= 0 || LastModified >= 0;

    /// <summary>Reads an answer's fields.</summary>
    /// <param name="headers">The fields.</param>
    /// <param name="nowSeconds">The present in seconds since 1970, for years of two digits.</param>
    public static AnswerFacts Of(HeaderTable headers, long nowSeconds)
    {
        var facts = new AnswerFacts { Control = CacheControl.Of(headers) };
        bool hasAge = false;
        for (int i = 0; i < headers.Count; i++)
        {
            switch (headers[i].Known)
            {
                case KnownHeader.Age when !hasAge:
                    hasAge = true;
                    facts.Age = SecondsOf(headers.Value(i));
                    break;
                case KnownHeader.Date when facts.Date == Unsaid:
                    facts.Date = DateOf(headers.Value(i), nowSeconds);
                    break;
                case KnownHeader.SetCookie:
                    facts.SetsCookie = true;
                    break;
                case KnownHeader.Other:
                    facts.ReadOther(headers, i, nowSeconds);
                    break;
            }
        }

        return facts;
    }

    private void ReadOther(HeaderTable headers, int index, long nowSeconds)
    {
        ReadOnlySpan<byte> name = headers.Name(index);
        switch (name.Length)
        {
            case 4 when Ascii.EqualsIgnoreCase(name, "vary"u8):
                Varies = true;
                break;
            case 4 when Tag < 0 && Ascii.EqualsIgnoreCase(name, "etag"u8) && EntityTags.IsTag(headers.Value(index)):
                Tag = index;
                break;
            case 7 when Ascii.EqualsIgnoreCase(name, "expires"u8):
                long expires = DateOf(headers.Value(index), nowSeconds);
                ExpiresAt = !HasExpires || expires == ExpiresAt ? expires : Unsaid;
                HasExpires = true;
                break;
            case 13 when LastModified < 0 && Ascii.EqualsIgnoreCase(name, "last-modified"u8):
                LastModifiedAt = DateOf(headers.Value(index), nowSeconds);
                if (LastModifiedAt != Unsaid) LastModified = index;
                break;
        }
    }

    private static long DateOf(ReadOnlySpan<byte> value, long nowSeconds) => HttpDate.TryParse(value, nowSeconds, out long seconds) ? seconds : Unsaid;

    private static int SecondsOf(ReadOnlySpan<byte> value) => new DirectiveArgument(value, isUnclosed: false).TrySeconds(out int seconds) ? seconds : 0;
}
