namespace EdgeProxy.Http.Messages;

/// <summary>Recognises and spells the names of <see cref="KnownHeader"/>.</summary>
public static class KnownHeaders
{
    /// <summary>The known name equal to these bytes without case, or <see cref="KnownHeader.Other"/>.</summary>
    public static KnownHeader Find(ReadOnlySpan<byte> name) => throw new NotImplementedException();

    /// <summary>The usual spelling, for fields that the gateway itself writes.</summary>
    public static ReadOnlySpan<byte> NameOf(KnownHeader known) => throw new NotImplementedException();
}
