using System.Text;
using EdgeProxy.Gateway.Validation.Schemas;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The model of bodies of one media type.</summary>
/// <param name="MediaType">The media type as written; <c>$default</c> takes what no other takes.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Schema">What it asks for.</param>
internal sealed record BodyModel(Utf8Text MediaType, Utf8Text Name, SchemaPlan Schema)
{
    /// <summary>The model of a media type, or the one of <c>$default</c>, or null.</summary>
    /// <param name="models">The models of a method.</param>
    /// <param name="mediaType">A Content-Type; its parameters do not count, nor does case: a control that another spelling passes by is none.</param>
    public static BodyModel? FindOrNull(BodyModel[] models, ReadOnlySpan<byte> mediaType)
    {
        int parameters = mediaType.IndexOf((byte)';');
        if (parameters >= 0) mediaType = mediaType[..parameters];
        mediaType = mediaType.Trim(" \t"u8);
        if (mediaType.IsEmpty) mediaType = "application/json"u8;
        BodyModel? otherwise = null;
        foreach (BodyModel model in models)
        {
            if (Ascii.EqualsIgnoreCase(model.MediaType.Span, mediaType)) return model;
            if (model.MediaType.Span.SequenceEqual("$default"u8)) otherwise = model;
        }

        return otherwise;
    }
}
