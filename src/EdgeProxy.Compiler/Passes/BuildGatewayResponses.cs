using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using MappingTarget = EdgeProxy.Gateway.Snapshots.MappingTarget;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Compiles the customised answers of the gateway itself (rest-api.md 3.2).</summary>
internal static class BuildGatewayResponses
{
    private const string Target = "gatewayresponse.header.";

    // What frames a message is the connection's business.
    private static readonly HashSet<KnownHeader> Framing =
    [
        KnownHeader.Connection, KnownHeader.ContentLength, KnownHeader.Date, KnownHeader.KeepAlive, KnownHeader.ProxyConnection, KnownHeader.TE, KnownHeader.Trailer,
        KnownHeader.TransferEncoding, KnownHeader.Upgrade,
    ];

    /// <summary>Reports what is wrong with a response or has no effect.</summary>
    public static void Check(ApiDefinition api, ProblemList problems)
    {
        foreach (GatewayResponseDefinition response in api.GatewayResponses)
        {
            if (response.ResponseType == "REQUEST_TOO_LARGE")
            {
                problems.Warning(ProblemCode.NoEffect, response.Origin, "REQUEST_TOO_LARGE always has its standard form, as in API Gateway. Remove it.");
            }

            foreach (ParameterMappingDefinition mapping in response.ResponseParameters) Check(mapping, problems);
        }
    }

    /// <summary>Compiles what <see cref="Check"/> found no error in.</summary>
    public static GatewayResponses Run(ApiDefinition api)
    {
        if (api.GatewayResponses.Count == 0) return GatewayResponses.None;
        var plans = new List<KeyValuePair<GatewayResponseType, GatewayResponsePlan>>();
        foreach (GatewayResponseDefinition response in api.GatewayResponses)
        {
            if (TypeOf(response.ResponseType) is { } type) plans.Add(new(type, Build(response)));
        }

        return new GatewayResponses(plans);
    }

    private static GatewayResponsePlan Build(GatewayResponseDefinition response)
    {
        var parameters = new List<ParameterMapping>();
        foreach (ParameterMappingDefinition mapping in response.ResponseParameters)
        {
            if (NameOf(mapping) is { } name && !Framing.Contains(KnownOf(name)) && ValueSource.TryParseGatewayResponse(mapping.Source, out ValueSource? source))
            {
                parameters.Add(new ParameterMapping(MappingTarget.Header, name, source!));
            }
        }

        return new GatewayResponsePlan
        {
            Status = response.StatusCode ?? 0,
            Parameters = [.. parameters],
            Templates = [.. response.ResponseTemplates.Select(static template => GatewayResponseTemplate.Parse(template.MediaType, template.Text))],
        };
    }

    private static void Check(ParameterMappingDefinition mapping, ProblemList problems)
    {
        if (NameOf(mapping) is not { } name) return; // the import has said so
        if (!PathSyntax.IsName(name))
        {
            problems.Error(ProblemCode.BadMapping, mapping.Origin, $"\"{name}\" cannot be a header name. Correct {mapping.Target}.");
            return;
        }

        if (Framing.Contains(KnownOf(name)))
        {
            problems.Warning(ProblemCode.NoEffect, mapping.Origin, $"{name} frames the message and is written by the gateway alone, so {mapping.Target} has no effect. Remove it.");
        }

        if (ValueSource.TryParseGatewayResponse(mapping.Source, out _)) return;
        if (mapping.Source.StartsWith("context.", StringComparison.Ordinal))
        {
            problems.Warning(ProblemCode.NoEffect, mapping.Origin, $"This version does not know {mapping.Source}, so the header {name} is left out. Correct the name, or remove it.");
            return;
        }

        problems.Error(ProblemCode.BadMapping, mapping.Origin,
            $"The source \"{mapping.Source}\" must be 'text', method.request.header.NAME (or querystring, path, multivalueheader, multivaluequerystring), context.NAME or stageVariables.NAME.");
    }

    private static string? NameOf(ParameterMappingDefinition mapping) =>
        mapping.Target.StartsWith(Target, StringComparison.Ordinal) ? mapping.Target[Target.Length..] : null;

    private static KnownHeader KnownOf(string name) => KnownHeaders.Find(Encoding.UTF8.GetBytes(name));

    private static GatewayResponseType? TypeOf(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        foreach (GatewayResponseType type in Enum.GetValues<GatewayResponseType>())
        {
            if (type != GatewayResponseType.None && GatewayResponseTypes.NameOf(type).SequenceEqual(bytes)) return type;
        }

        return null;
    }
}
