namespace EdgeProxy.Templates.Compilation;

/// <summary>The text of a name among the constant texts of its program, and what else is asked of it at each look.</summary>
/// <param name="Id">As <see cref="NameEntry.Id"/>.</param>
/// <param name="Place">Bytes before its place (<see cref="NameEntry.Place"/>) among those of a run's memory.</param>
/// <param name="Hash">As <see cref="NameEntry.Hash"/>.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct NameText(long Id, int Place, int Hash, int Offset, int Length);
