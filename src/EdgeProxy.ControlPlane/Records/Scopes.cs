namespace EdgeProxy.ControlPlane.Records;

/// <summary>Where records belong: what goes with a scope goes with all of it.</summary>
public static class Scopes
{
    /// <summary>What belongs to no API: keys, plans, links, certificates.</summary>
    public const string Account = "account";

    public const string RestApis = "restapis/";
    public const string Apis = "apis/";
    public const string DomainNames = "domainnames/";
    public const string UsagePlans = "usageplans/";

    public static string RestApi(string id) => RestApis + id;

    /// <summary>An HTTP or WebSocket API.</summary>
    public static string Api(string id) => Apis + id;

    public static string DomainName(string name) => DomainNames + name;

    public static string UsagePlan(string id) => UsagePlans + id;
}
