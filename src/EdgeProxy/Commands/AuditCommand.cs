using System.Globalization;
using System.Text;
using EdgeProxy.ControlPlane.Audit;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy audit</c>: which calls a running node's management APIs got, and whether what is told of them is as it was written.</summary>
internal static class AuditCommand
{
    /// <summary>Prints calls, the newest first.</summary>
    public static int Run(AuditOptions options, TimeProvider time, TextWriter output, TextWriter errors)
    {
        DateTimeOffset now = time.GetUtcNow();
        var question = new StringBuilder("/audit?");
        Narrow("since", Moment(options.Since, now));
        Narrow("until", Moment(options.Until, now));
        Narrow("event", options.Event);
        Narrow("user", options.User);
        int left = options.Limit;
        string? token = "";
        while (token is not null && left > 0)
        {
            string target = string.Create(CultureInfo.InvariantCulture, $"{question}limit={Math.Min(left, 500)}&nextToken={token}");
            if (Ask(options, target, errors, out WireValue answer) is not ExitStatus.Ok and var failed) return failed;
            foreach (WireValue record in answer.ListAt("Records").Items)
            {
                output.WriteLine(options.Output == OutputForm.Json ? record.ToString() : LineOf(record));
                left--;
            }

            token = answer.TextOf("nextToken");
        }

        return ExitStatus.Ok;

        void Narrow(string name, string? value)
        {
            if (value is not null) question.Append(name).Append('=').Append(Uri.EscapeDataString(value)).Append('&');
        }
    }

    /// <summary>Says whether each chain is as it was written; exit status 1 when one is not.</summary>
    public static int Verify(AuditOptions options, TextWriter output, TextWriter errors)
    {
        if (options.Files.Count > 0) return VerifyFiles(options.Files, output, errors);
        if (Ask(options, "/audit/verification", errors, out WireValue answer) is not ExitStatus.Ok and var failed) return failed;
        if (options.Output == OutputForm.Json)
        {
            output.WriteLine(answer.ToString());
        }
        else
        {
            foreach (WireValue trail in answer.ListAt("trails").Items)
            {
                output.WriteLine(trail.TextOf("problem") is { } problem
                    ? $"{trail.TextOf("trail"),-7}  NOT as it was written: {problem}"
                    : $"{trail.TextOf("trail"),-7}  {trail.NumberOf("first")} to {trail.NumberOf("last")}, as written; ends with {trail.TextOf("hash")}");
            }
        }

        return answer.IsTrueOf("isWhole") ? ExitStatus.Ok : ExitStatus.Failed;
    }

    /// <summary>Whether a text is a time, or how long ago.</summary>
    public static bool IsMoment(string text) => Duration.TryParse(text, out _) || TryTime(text, out _);

    private static int VerifyFiles(IReadOnlyList<string> files, TextWriter output, TextWriter errors)
    {
        var lines = new VerifyLines();
        foreach (string file in files)
        {
            try
            {
                using var reader = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
                for (long number = 1; reader.ReadLine() is { } line; number++)
                {
                    if (lines.Take(Encoding.UTF8.GetBytes(line)) is not { } problem) continue;
                    errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}:{number}: {problem}"));
                    return ExitStatus.Failed;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                errors.WriteLine($"{file} cannot be read: {Core.Text.FileFailure.ReasonOf(exception)}.");
                return ExitStatus.Failed;
            }
        }

        foreach (AuditTrailKind trail in (ReadOnlySpan<AuditTrailKind>)[AuditTrailKind.Changes, AuditTrailKind.Reads])
        {
            (long first, long last, string hash) = lines.Of(trail);
            output.WriteLine(last == 0 ? $"{AuditEntry.NameOf(trail),-7}  none" : $"{AuditEntry.NameOf(trail),-7}  {first} to {last}, as written; ends with {hash}");
        }

        return ExitStatus.Ok;
    }

    private static int Ask(AuditOptions options, string target, TextWriter errors, out WireValue answer)
    {
        answer = WireValue.NewObject();
        int exit = AdminCall.Ask(options.Sources, options.Timeout, "GET", target, errors, out int status, out string body);
        if (exit != ExitStatus.Ok) return exit;
        if (status != 200) return AdminCall.TellRefused(errors, status, body);
        if (!WireValue.TryParse(Encoding.UTF8.GetBytes(body), out WireValue? read) || !read.IsObject)
        {
            errors.WriteLine($"What answered {status} told nothing of calls: is it the admin listener of a node?");
            return ExitStatus.Failed;
        }

        answer = read;
        return ExitStatus.Ok;
    }

    private static string LineOf(WireValue record)
    {
        string user = record["userIdentity"]?.TextOf("accessKeyId") ?? "-";
        string outcome = record.TextOf("errorCode") is { } error ? $"{error}: {record.TextOf("errorMessage")}" : "ok";
        return $"{record.TextOf("eventTime")}  {record.TextOf("sourceIPAddress"),-15}  {user,-20}  {record.TextOf("eventName"),-28}  {outcome}";
    }

    private static string? Moment(string? text, DateTimeOffset now)
    {
        if (text is null) return null;
        DateTimeOffset moment = Duration.TryParse(text, out long ago) ? now.AddTicks(-(ago / 100)) : TryTime(text, out DateTimeOffset time) ? time : now;
        return moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    private static bool TryTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
