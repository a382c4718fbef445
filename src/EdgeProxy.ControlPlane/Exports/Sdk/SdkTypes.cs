using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Exports.Sdk;

/// <summary>The kinds of clients that the service knows, with what each can be told (control-plane.md 3.8; the texts are ours).</summary>
internal static class SdkTypes
{
    /// <summary>As clients see them, in the order of their ids.</summary>
    public static IReadOnlyList<Record> All { get; } =
    [
        Make("android", "Android", ("groupId", "Group ID", true), ("invokerPackage", "Invoker package", true), ("artifactId", "Artifact ID", true), ("artifactVersion", "Artifact version", true)),
        Make("java", "Java SDK", ("service.name", "Service Name", true), ("java.package-name", "Java Package Name", false), ("java.build-system", "Java Build System", false), ("java.group-id", "Java Group Id", false), ("java.artifact-id", "Java Artifact Id", false), ("java.artifact-version", "Java Artifact Version", false)),
        Make("javascript", "JavaScript"),
        Make("objectivec", "iOS (Objective-C)", ("classPrefix", "Prefix", true)),
        Make("ruby", "Ruby", ("service.name", "Service Name", true), ("ruby.gem-name", "Ruby Gem Name", false), ("ruby.gem-version", "Ruby Gem Version", false)),
        Make("swift", "iOS (Swift)", ("classPrefix", "Prefix", true)),
    ];

    /// <summary>Null for one that nobody knows.</summary>
    public static Record? Find(string id)
    {
        foreach (Record type in All)
        {
            if (type.Key == id) return type;
        }

        return null;
    }

    private static Record Make(string id, string name, params (string Name, string FriendlyName, bool IsRequired)[] properties)
    {
        WireValue list = WireValue.NewList();
        foreach ((string property, string friendly, bool isRequired) in properties)
        {
            list.Items.Add(WireValue.NewObject().Set("name", property).Set("friendlyName", friendly).Set("required", isRequired));
        }

        return new Record(id, WireValue.NewObject().Set("id", id).Set("friendlyName", name).Set("description", $"A client library for {name}").Set("configurationProperties", list).ToBytes());
    }
}
