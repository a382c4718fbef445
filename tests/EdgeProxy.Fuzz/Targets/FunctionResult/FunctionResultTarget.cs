using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Validation.Json;
using EdgeProxy.Http.Messages;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>The reader of what a Lambda function gives back, whole or before a stream, and the fields made of it.</summary>
internal sealed class FunctionResultTarget : FuzzTarget
{
    private static readonly SearchValues<byte> s_tokenBytes = SearchValues.Create("!#$%&'*+-.^_`|~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);

    private readonly JsonTape _tape = new();
    private readonly HeaderTable _headers = new();
    private readonly byte[] _scratch = new byte[64 * 1024];
    private readonly byte[] _body = new byte[64 * 1024];

    public override string Name => "FunctionResult";

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\u000d\\u000a", "\\ud800", "\\ud83d\\ude00", "\"statusCode\"", "\"headers\"", "\"multiValueHeaders\"", "\"body\"",
        "\"isBase64Encoded\"", "\"cookies\"", "200", "\"404\"", "-1", "1e3", "true", "false", "null", "\"Content-Type\"", "\"set-cookie\"", "\"Transfer-Encoding\"", "\"Date\"", "\0\0\0\0\0\0\0\0", "\u00c3\u00a9", "\u00ff",
    ];

    public override ulong Run(byte[] input)
    {
        ulong outcome = Outcome.None;
        foreach (bool isStreamed in (ReadOnlySpan<bool>)[false, true])
        {
            _headers.Clear();
            if (!FunctionResult.TryRead(input, isStreamed, _tape, out FunctionResult result))
            {
                outcome = outcome.With(_tape.FaultAt == input.Length ? 1 : 2);
                continue;
            }

            CheckForm(input, isStreamed, result);
            JsonView view = _tape.View(input);
            bool added = FunctionHeaders.Add(view, result, _headers, FunctionFieldLimits.Default, _scratch) == FieldVerdict.Added;
            CheckFields();
            if (result.Body >= 0)
            {
                int length = JsonText.Unescape(view.Raw(result.Body), _body);
                Surrogates.Replace(_body.AsSpan(0, length));
                Promise.That(length <= view.Raw(result.Body).Length, "Unescaping makes nothing longer");
                Promise.That(Utf8.IsValid(_body.AsSpan(0, length)), "A body is UTF-8");
            }

            outcome = outcome.With(added ? 3 : 4).With(result.Status).With(result.Body >= 0 ? 1 : 0).With(result.IsBase64Encoded ? 1 : 0).WithCount(_headers.Count);
        }

        int end = CallLambda.EndOfPrelude(input, 0);
        for (int split = 0; split <= input.Length; split += 1 + (input.Length / 16))
        {
            int early = CallLambda.EndOfPrelude(input.AsSpan(0, split), 0);
            Promise.Same(end, early >= 0 ? early : CallLambda.EndOfPrelude(input, split), "Metadata end at the same place however they come");
        }

        return outcome.With(end >= 0 ? 1 : 0);
    }

    private static void CheckForm(byte[] input, bool isStreamed, in FunctionResult result)
    {
        using JsonDocument document = JsonDocument.Parse(input);
        Promise.That(document.RootElement.ValueKind == JsonValueKind.Object, "Only an object is a result");
        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            bool isKnown = isStreamed
                ? member.Name is "statusCode" or "headers" or "multiValueHeaders" or "cookies"
                : member.Name is "statusCode" or "headers" or "multiValueHeaders" or "body" or "isBase64Encoded";
            Promise.That(isKnown, "Only known members are taken");
        }

        Promise.That(result.Status is >= 200 and <= 599, "A status is one that a final response may have");
    }

    private void CheckFields()
    {
        Promise.That(_headers.Count <= FunctionFieldLimits.Default.Count && _headers.BlockLength <= FunctionFieldLimits.Default.Bytes, "Fields are limited");
        for (int i = 0; i < _headers.Count; i++)
        {
            Promise.That(!_headers.Name(i).IsEmpty && !_headers.Name(i).ContainsAnyExcept(s_tokenBytes), "A name is a token");
            Promise.That(_headers.Value(i).IndexOfAny("\r\n\0"u8) < 0, "No value ends its line");
            Promise.That(Utf8.IsValid(_headers.Value(i)), "A value is UTF-8");
            Promise.That(_headers[i].Known is not (KnownHeader.TransferEncoding or KnownHeader.ContentLength or KnownHeader.Connection or KnownHeader.Date), "No field frames the response");
        }
    }
}
