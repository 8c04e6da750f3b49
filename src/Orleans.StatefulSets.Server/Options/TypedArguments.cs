using System.CommandLine;
using System.CommandLine.Parsing;

namespace Orleans.StatefulSets.Server.Options;

/// <summary>What was typed after <c>--</c>, as texts: which option, and its value.</summary>
internal static class TypedArguments
{
    /// <summary>Reads the arguments.</summary>
    /// <param name="shape">The command that they are of.</param>
    /// <param name="args">The arguments after the command's name.</param>
    /// <param name="print">What is to be printed in place of starting (help, version), or null.</param>
    /// <exception cref="OptionException">An unknown or repeated option, or one without its value.</exception>
    public static Dictionary<Setting, string> Read(CommandShape shape, IEnumerable<string> args, out string? print)
    {
        var help = new Option<bool>("--help", "-h", "-?");
        var version = new Option<bool>("--version");
        var options = shape.Settings.ToDictionary(setting => setting, ToOption);
        var command = new Command(shape.Name) { help, version };
        foreach (var option in options.Values)
        {
            command.Add(option);
        }

        // Values are read here and nowhere else, so a file of arguments (@file) and joined short options are only ways to mistype.
        var parsed = command.Parse([.. args], new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        print = parsed.GetResult(help) is { Implicit: false } ? HelpText.Write(shape)
            : parsed.GetResult(version) is { Implicit: false } ? $"Orleans.StatefulSets {ServerCommandLine.Version}{Environment.NewLine}"
            : null;
        return print is null ? ReadTyped(parsed, options) : [];
    }

    private static Dictionary<Setting, string> ReadTyped(ParseResult parsed, Dictionary<Setting, Option<string>> options)
    {
        if (parsed.UnmatchedTokens is [var unmatched, ..])
        {
            throw new OptionException($"unknown {(unmatched.StartsWith('-') ? "option" : "argument")} '{unmatched}'; --help lists the options");
        }

        var typed = new Dictionary<Setting, string>();
        foreach (var (setting, option) in options)
        {
            if (parsed.GetResult(option) is { Implicit: false } result)
            {
                typed[setting] = ReadOne(setting, result);
            }
        }

        return parsed.Errors is [var error, ..] ? throw new OptionException(FirstLine(error.Message)) : typed;
    }

    private static string ReadOne(Setting setting, OptionResult result)
    {
        if (result.IdentifierTokenCount > 1 || result.Tokens.Count > 1)
        {
            throw new OptionException($"{setting.CommandLineName} is given more than once");
        }

        // The parser takes the next option for a value where one is missing; no value of ours begins with dashes.
        return result.Tokens is [var token] && !token.Value.StartsWith("--", StringComparison.Ordinal) ? token.Value
            : setting.IsFlag ? "true"
            : throw new OptionException($"{setting.CommandLineName} needs a value: {setting.CommandLineName} {setting.Placeholder}");
    }

    private static Option<string> ToOption(Setting setting) => new(setting.CommandLineName)
    {
        Arity = setting.IsFlag ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        HelpName = setting.Placeholder,
    };

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}
