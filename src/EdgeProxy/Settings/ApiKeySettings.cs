using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>An API key as the settings describe it. Its value is a secret: it stands in no text that is made of this.</summary>
/// <param name="id">Its id; null to make one of the value.</param>
/// <param name="name">Its name; null for none.</param>
/// <param name="value">Its value.</param>
/// <param name="isEnabled">Whether it opens anything.</param>
/// <param name="customerId">Whose it is elsewhere; null for nobody's.</param>
/// <param name="origin">Where it is configured.</param>
internal sealed class ApiKeySettings(string? id, string? name, string value, bool isEnabled, string? customerId, Origin? origin)
{
    public string? Id { get; } = id;

    public string? Name { get; } = name;

    public string Value { get; } = value;

    public bool IsEnabled { get; } = isEnabled;

    public string? CustomerId { get; } = customerId;

    public Origin? Origin { get; } = origin;
}
