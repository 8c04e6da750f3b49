using System.Globalization;
using System.Text;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;

/// <summary>Expands <c>$name</c> and <c>${…}</c>.</summary>
internal sealed class ParameterExpander(Interpreter shell, Expander words)
{
    /// <summary>Appends a parameter's expansion, marked.</summary>
    public async ValueTask AppendAsync(StringBuilder to, ParameterPart part, Context context)
    {
        var value = ValueOf(part.Name);
        switch (part.Operation)
        {
            case ParameterOperation.Default or ParameterOperation.Assign or ParameterOperation.Demand or ParameterOperation.Alternative:
                await AppendAlternativeAsync(to, part, context, value);
                return;
            case ParameterOperation.Value when part.Name is "@" or "*":
                AppendAll(to, part.Name, context);
                return;
        }

        if (value is null)
        {
            if (shell.Options["nounset"] && part.Name is not ("@" or "*"))
            {
                throw new ShellError($"{part.Name}: parameter not set");
            }

            value = "";
        }

        var text = part.Operation switch
        {
            ParameterOperation.Value => value,
            ParameterOperation.Length => value.Length.ToString(CultureInfo.InvariantCulture),
            ParameterOperation.Substring => await SubstringAsync(part, value),
            ParameterOperation.ReplaceFirst or ParameterOperation.ReplaceAll => await ReplaceAsync(part, value),
            _ => await TrimAsync(part, value),
        };
        Marks.Append(to, text, context.Mark);
    }

    /// <summary>A parameter's value; null where it is not set.</summary>
    public string? ValueOf(string name)
    {
        if (char.IsAsciiDigit(name[0]))
        {
            return !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? null
                : number == 0 ? shell.Name
                : number <= shell.Parameters.Count ? shell.Parameters[number - 1]
                : null;
        }

        return name switch
        {
            "@" or "*" => shell.Parameters.Count == 0 ? null : string.Join(Joiner(), shell.Parameters),
            "#" => shell.Parameters.Count.ToString(CultureInfo.InvariantCulture),
            "?" => shell.Status.ToString(CultureInfo.InvariantCulture),
            "$" => shell.MainId.ToString(CultureInfo.InvariantCulture),
            "!" => shell.LastBackground?.ToString(CultureInfo.InvariantCulture),
            "-" => shell.Options.Letters,
            _ => shell.Variables.Get(name),
        };
    }

    private string Joiner() => shell.Variables.Get("IFS") is { } separators ? separators.Length == 0 ? "" : separators[..1] : " ";

    private void AppendAll(StringBuilder to, string name, Context context)
    {
        if (context.IsSingle || (context.IsQuoted && name == "*"))
        {
            Marks.Append(to, ValueOf(name) ?? "", context.Mark);
            return;
        }

        for (var i = 0; i < shell.Parameters.Count; i++)
        {
            if (i > 0)
            {
                to.Append(Marks.Break);
            }

            if (context.IsQuoted)
            {
                to.Append(Marks.Presence);
            }

            Marks.Append(to, shell.Parameters[i], context.Mark);
        }
    }

    private async ValueTask AppendAlternativeAsync(StringBuilder to, ParameterPart part, Context context, string? value)
    {
        var isSet = value is not null && !(part.OrEmpty && value.Length == 0);
        if (part.Operation == ParameterOperation.Alternative ? isSet : !isSet)
        {
            switch (part.Operation)
            {
                case ParameterOperation.Assign:
                    if (!Names.IsName(part.Name))
                    {
                        throw new ShellError($"{part.Name}: bad variable name");
                    }

                    var assigned = await words.TextAsync(part.First!);
                    shell.Variables.Set(part.Name, assigned);
                    Marks.Append(to, assigned, context.Mark);
                    return;
                case ParameterOperation.Demand:
                    var message = await words.TextAsync(part.First!);
                    throw new ShellError($"{part.Name}: {(message.Length > 0 ? message : part.OrEmpty ? "parameter not set or null" : "parameter not set")}");
                default:
                    await words.AppendAsync(to, part.First!, context with { IsArgument = true });
                    return;
            }
        }

        if (part.Operation != ParameterOperation.Alternative)
        {
            await AppendAsync(to, part with { Operation = ParameterOperation.Value }, context);
        }
    }

    private async ValueTask<string> SubstringAsync(ParameterPart part, string value)
    {
        var offset = await NumberAsync(part.First!);
        offset = Math.Clamp(offset < 0 ? value.Length + offset : offset, offset < 0 ? -1 : 0, value.Length);
        if (offset < 0)
        {
            return "";
        }

        var length = part.Second is null ? value.Length : await NumberAsync(part.Second);
        var end = length < 0 ? value.Length + length : Math.Min(value.Length, offset + Math.Min(length, value.Length));
        return end > offset ? value[(int)offset..(int)end] : "";
    }

    private async ValueTask<long> NumberAsync(Word word) => Arithmetic.Evaluate(await words.TextAsync(word), shell.Variables);

    private async ValueTask<string> TrimAsync(ParameterPart part, string value)
    {
        var pattern = await words.PatternAsync(part.First!);
        if (!Pattern.IsActive(pattern))
        {
            var plain = Marks.Remove(pattern);
            return part.Operation is ParameterOperation.ShortestPrefix or ParameterOperation.LongestPrefix
                ? value.StartsWith(plain, StringComparison.Ordinal) ? value[plain.Length..] : value
                : value.EndsWith(plain, StringComparison.Ordinal) ? value[..^plain.Length] : value;
        }

        var isPrefix = part.Operation is ParameterOperation.ShortestPrefix or ParameterOperation.LongestPrefix;
        var isLongest = part.Operation is ParameterOperation.LongestPrefix or ParameterOperation.LongestSuffix;
        await shell.Process.StepAsync(1 + (value.Length / 512));
        if (isPrefix)
        {
            return PatternScan.Of(pattern).Prefix(value, isLongest) is { } head ? value[head..] : value;
        }

        var mirrored = value.ToCharArray();
        Array.Reverse(mirrored);
        return PatternScan.Of(pattern).Reversed().Prefix(mirrored, isLongest) is { } tail ? value[..^tail] : value;
    }

    private async ValueTask<string> ReplaceAsync(ParameterPart part, string value)
    {
        var pattern = await words.PatternAsync(part.First!);
        var replacement = part.Second is null ? "" : await words.TextAsync(part.Second);
        if (pattern.Length == 0)
        {
            return value;
        }

        var scan = PatternScan.Of(pattern);
        var result = new StringBuilder();
        var at = 0;
        while (at < value.Length)
        {
            await shell.Process.StepAsync(1 + ((value.Length - at) / 512));
            var length = scan.Prefix(value.AsSpan(at), isLongest: true) ?? 0;
            if (length == 0 && scan.IsOpen)
            {
                break;
            }

            if (length == 0)
            {
                result.Append(value[at++]);
                continue;
            }

            result.Append(replacement);
            words.Bound(result.Length);
            at += length;
            if (part.Operation == ParameterOperation.ReplaceFirst)
            {
                break;
            }
        }

        return result.Append(value.AsSpan(at)).ToString();
    }
}
