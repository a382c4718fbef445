using System.Globalization;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Settings;

/// <summary>Reads the text of one setting.</summary>
internal static class SettingParser
{
    /// <summary>What stands for a setting's word in place of a number.</summary>
    public const long WordValue = -1;

    /// <summary>Reads a text into the object that <see cref="SettingValues"/> hands out for its kind.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="text">Its text.</param>
    /// <param name="directory">Where relative paths start.</param>
    /// <param name="value">The value when true.</param>
    /// <param name="code">The kind of problem when false.</param>
    /// <param name="wrong">What to change, when false: the rest of a sentence that names the setting and its value.</param>
    public static bool TryParse(Setting setting, string text, string directory, out object value, out ProblemCode code, out string wrong)
    {
        value = text;
        code = ProblemCode.BadFormat;
        wrong = "";
        if (setting.Word is { } word && string.Equals(text, word, StringComparison.OrdinalIgnoreCase))
        {
            value = setting.Kind is SettingKind.Integer or SettingKind.Size or SettingKind.Duration ? WordValue : word;
            return true;
        }

        string orWord = setting.Word is null ? "" : $", or {setting.Word}";
        switch (setting.Kind)
        {
            case SettingKind.Text:
                return true;

            case SettingKind.Name:
                wrong = $"use 1 to 64 letters, digits, - and _{orWord}";
                return text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

            case SettingKind.Path:
                wrong = "give a path";
                if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal)) return false;
                value = Path.GetFullPath(text, directory);
                return true;

            case SettingKind.Url:
                if (!ListenUrl.TryParse(text, out ListenUrl? url, out wrong)) return false;
                value = url!;
                return true;

            case SettingKind.Integer:
                wrong = $"write a whole number{orWord}";
                if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) return false;
                value = number;
                return InRange(setting, number, number => number.ToString(CultureInfo.InvariantCulture), out code, out wrong);

            case SettingKind.Size:
                wrong = $"write bytes as 10485760, 10240KB or 10MB{orWord}";
                if (!ByteSize.TryParse(text, out long bytes)) return false;
                value = bytes;
                return InRange(setting, bytes, ByteSize.Format, out code, out wrong);

            case SettingKind.Duration:
                wrong = text.Length > 0 && text.All(char.IsAsciiDigit)
                    ? $"give the unit: {text}s or {text}ms"
                    : $"write a time as 75s, 1500ms or 1m30s{orWord}";
                if (!Duration.TryParse(text, out long nanoseconds)) return false;
                value = nanoseconds;
                return InRange(setting, nanoseconds, Duration.Format, out code, out wrong);

            case SettingKind.Boolean:
                wrong = "write true or false";
                value = string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);
                return (bool)value || string.Equals(text, "false", StringComparison.OrdinalIgnoreCase);

            case SettingKind.Choice:
                code = ProblemCode.NotAllowed;
                wrong = (setting.Choices.Count == 1 ? $"it must be {setting.Choices[0]} in this version" : $"it must be one of {string.Join(", ", setting.Choices)}")
                    + Sentence(Suggest.DidYouMean(text, setting.Choices));
                return setting.Choices.Contains(text, StringComparer.Ordinal);

            case SettingKind.Texts:
                value = Split(text);
                return true;

            case SettingKind.Cidrs:
                return TryParseCidrs(Split(text), out value, out wrong);

            case SettingKind.Percent:
                wrong = "write a number from 0 to 100";
                if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) || percent is not (>= 0 and <= 100)) return false;
                value = percent;
                return true;

            case SettingKind.Throttle:
                wrong = $"write requests a second, and how many at once: 100 burst 200{orWord}";
                if (!ThrottleSettings.TryParse(text, out ThrottleSettings? throttle)) return false;
                value = throttle!;
                return true;

            case SettingKind.Concurrency:
                wrong = $"write how many at once, how many more may wait, and how long: 100 queue 50 wait 2s{orWord}";
                if (!ConcurrencySettings.TryParse(text, out ConcurrencySettings? concurrency) || (concurrency!.Max is null && setting.Choices.Count == 0)) return false;
                value = concurrency!;
                return true;

            default:
                code = ProblemCode.WrongType;
                wrong = "it must be an object: names with a text each";
                return false;
        }
    }

    /// <summary>Reads address ranges.</summary>
    public static bool TryParseCidrs(IReadOnlyList<string> texts, out object value, out string wrong)
    {
        bool ok = CidrSet.TryParse(texts, out CidrSet set, out string? bad);
        value = set;
        wrong = ok ? "" : $"\"{bad}\" is no address range; write 10.0.0.0/8, fd00::/8 or a single address";
        return ok;
    }

    /// <summary>The parts of a list that was given as one text.</summary>
    public static IReadOnlyList<string> Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool InRange(Setting setting, long value, Func<long, string> format, out ProblemCode code, out string wrong)
    {
        code = ProblemCode.OutOfRange;
        string orWord = setting.Word is null ? "" : $", or {setting.Word}";
        wrong = setting.Most == long.MaxValue
            ? $"it must be at least {format(setting.Least)}{orWord}"
            : $"it must be from {format(setting.Least)} to {format(setting.Most)}{orWord}";
        return value >= setting.Least && value <= setting.Most;
    }

    private static string Sentence(string suggestion) => suggestion.Length == 0 ? "" : "." + suggestion;
}
