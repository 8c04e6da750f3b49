using System.CommandLine;
using System.CommandLine.Parsing;
using System.Data.Common;
using System.Globalization;

namespace Orleans.StatefulSets.Cli.CommandLine;

/// <summary>Options by the kind of their values, each complaint naming the option and the values that it takes.</summary>
internal static class TypedOptions
{
    public static Option<bool> Flag(string name, string explanation) => new(name) { Description = explanation, Arity = ArgumentArity.Zero };

    public static Option<int> WholeNumber(string name, string explanation, int least, int most, int otherwise) =>
        Of(name, "N", $"{explanation}, {least} to {most}", otherwise, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw new FormatException($"'{text}' is not a whole number from {least} to {most}"));

    public static Option<string> Folder(string name, string explanation, string otherwise) => Of(name, "DIR", explanation, otherwise, ReadPath);

    public static Option<string?> File(string name, string explanation) => Of<string?>(name, "PATH", explanation, null, ReadPath);

    /// <summary>Keys and values. No complaint repeats it: there may be a password in it.</summary>
    public static Option<string?> ConnectionString(string name, string explanation) => Of<string?>(name, "TEXT", explanation, null, text =>
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text }.Keys is { Count: > 0 }
                ? text
                : throw new FormatException("it is empty, and not 'Host=…;Username=…;Password=…;Database=…'");
        }
        catch (ArgumentException)
        {
            throw new FormatException("it is not of the form 'Host=…;Username=…;Password=…;Database=…'");
        }
    });

    /// <summary>An address of this machine only: http, host and port.</summary>
    public static Option<Uri> LoopbackUrl(string name, string explanation, Uri otherwise) => Of(name, "URL", explanation, otherwise, text =>
    {
        var wellFormed = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp
            && url.AbsolutePath == "/" && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0 && url.Port > 0;
        return !wellFormed ? throw new FormatException($"'{text}' is not a URL such as http://127.0.0.1:8080")
            : url!.IsLoopback ? url
            : throw new FormatException($"'{text}' is not an address of loopback: nobody needs a token there, and behind it every caller looks like a local one");
    });

    public static Option<string> Choice(string name, string explanation, string otherwise, params string[] choices) =>
        Of(name, string.Join('|', choices), explanation, otherwise, text =>
            choices.Contains(text, StringComparer.Ordinal) ? text : throw new FormatException($"'{text}' is not {string.Join(" or ", choices)}"));

    private static string ReadPath(string text) =>
        text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) ? text : throw new FormatException($"'{text}' is not a path");

    private static Option<T> Of<T>(string name, string placeholder, string explanation, T otherwise, Func<string, T> read) => new(name)
    {
        Description = explanation,
        HelpName = placeholder,
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => Parse(name, placeholder, result, otherwise, read),
    };

    private static T Parse<T>(string name, string placeholder, ArgumentResult result, T otherwise, Func<string, T> read)
    {
        // The parser takes the next option for a value where one is missing; no value of ours begins with dashes.
        if (result.Tokens is not [var token] || token.Value.StartsWith("--", StringComparison.Ordinal))
        {
            result.AddError($"{name} needs a value: {name} {placeholder}");
            return otherwise;
        }

        try
        {
            return read(token.Value);
        }
        catch (FormatException refusal)
        {
            result.AddError($"{name}: {refusal.Message}");
            return otherwise;
        }
    }
}
