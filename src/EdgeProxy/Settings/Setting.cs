namespace EdgeProxy.Settings;

/// <summary>One row of <see cref="SettingsReference"/>: all there is to know about a setting.</summary>
/// <param name="Path">Dotted name; <c>[]</c> stands for the index in a list of objects.</param>
/// <param name="Kind">How its text is read.</param>
/// <param name="Default">The default as an operator would write it; null when there is none (then <see cref="DefaultNote"/> says what happens).</param>
/// <param name="Meaning">One sentence for the reference, units included.</param>
internal sealed record Setting(string Path, SettingKind Kind, string? Default, string Meaning)
{
    /// <summary>Smallest number, size in bytes, or time in nanoseconds.</summary>
    public long Least { get; init; }

    /// <summary>Largest number, size in bytes, or time in nanoseconds.</summary>
    public long Most { get; init; } = long.MaxValue;

    /// <summary>A word that may stand in place of the value (<c>unlimited</c>, <c>auto</c>, <c>off</c>).</summary>
    public string? Word { get; init; }

    /// <summary>The allowed words of a choice, and those that may stand for the first figure of several.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether the object it stands in must hold it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What stands in the reference where there is no literal default.</summary>
    public string DefaultNote { get; init; } = "";

    /// <summary>Whether a running node keeps the value it was started with; a reload takes the others over.</summary>
    public bool NeedsRestart { get; init; }
}
