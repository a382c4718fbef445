using System.Text.Json;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Writes an explanation as JSON. Names stay; new ones may come.</summary>
public static class ExplanationJson
{
    /// <summary>Writes one object.</summary>
    public static void Write(Explanation explanation, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("end", NameOf(explanation.End));
        if (explanation.Violation is { } violation) json.WriteString("violation", violation);
        WriteMessage("request", explanation.Request, json);
        json.WriteStartArray("phases");
        foreach (ExplainedPhase phase in explanation.Phases) WritePhase(phase, json);
        json.WriteEndArray();
        if (explanation.Integration is { } integration) WriteMessage("integrationRequest", integration, json);
        if (explanation.Response is { } response) WriteMessage("response", response, json);
        json.WriteBoolean("cut", explanation.IsCut);
        json.WriteEndObject();
    }

    /// <summary>How an explanation ended, in a word.</summary>
    public static string NameOf(ExplainedEnd end) => end switch
    {
        ExplainedEnd.Answered => "answered",
        ExplainedEnd.AtIntegration => "atIntegration",
        ExplainedEnd.RefusedByListener => "refusedByListener",
        ExplainedEnd.Cut => "cut",
        _ => "waiting",
    };

    /// <summary>What a phase decided, in a word.</summary>
    public static string NameOf(ExplainedOutcome outcome) => outcome switch
    {
        ExplainedOutcome.Continue => "continue",
        ExplainedOutcome.Answer => "answer",
        ExplainedOutcome.Fault => "fault",
        _ => "call",
    };

    private static void WritePhase(ExplainedPhase phase, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("phase", phase.Name);
        json.WriteString("outcome", NameOf(phase.Outcome));
        if (phase.Fault is { } fault) json.WriteString("fault", fault);
        json.WriteStartObject("facts");
        foreach ((string name, string value) in phase.Facts) json.WriteString(name, value);
        json.WriteEndObject();
        foreach (ExplainedTable table in phase.Tables)
        {
            json.WriteStartArray(table.Name);
            foreach (IReadOnlyList<string> row in table.Rows)
            {
                json.WriteStartObject();
                for (int i = 0; i < row.Count; i++) json.WriteString(table.Columns[i], row[i]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (table.LeftOut > 0) json.WriteNumber(table.Name + "LeftOut", table.LeftOut);
        }

        json.WriteEndObject();
    }

    private static void WriteMessage(string name, ExplainedMessage message, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        if (message.Status > 0) json.WriteNumber("status", message.Status);
        if (message.Method is { } method) json.WriteString("method", method);
        if (message.Url is { } url) json.WriteString("url", url);
        json.WriteStartArray("headers");
        foreach ((string header, string value) in message.Headers)
        {
            json.WriteStartObject();
            json.WriteString("name", header);
            json.WriteString("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString(message.IsBase64 ? "bodyBase64" : "body", message.Body);
        json.WriteNumber("bodyBytes", message.BodyBytes);
        if (message.IsCut) json.WriteBoolean("bodyCut", true);
        json.WriteEndObject();
    }
}
