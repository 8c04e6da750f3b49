namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>The options that a tool was called with, and its operands.</summary>
internal sealed class ToolOptions
{
    private readonly List<(char Letter, string Value)> given = [];

    /// <summary>What is no option.</summary>
    public List<string> Operands { get; } = [];

    /// <summary>All options as they came.</summary>
    public IReadOnlyList<(char Letter, string Value)> All => given;

    public bool Has(char letter) => given.Exists(option => option.Letter == letter);

    public bool HasAny(string letters) => given.Exists(option => letters.Contains(option.Letter, StringComparison.Ordinal));

    /// <summary>The last value of an option, or null.</summary>
    public string? Value(char letter) => given.FindLast(option => option.Letter == letter) is (not '\0', var value) ? value : null;

    public IEnumerable<string> Values(char letter) => given.Where(option => option.Letter == letter).Select(option => option.Value);

    /// <summary>Which of some options came last; NUL for none.</summary>
    public char LastOf(string letters) => given.FindLast(option => letters.Contains(option.Letter, StringComparison.Ordinal)).Letter;

    public void Add(char letter, string value) => given.Add((letter, value));
}

/// <summary>Reads arguments as <c>getopt_long(3)</c> does: options anywhere, in clusters, values attached or following.</summary>
internal sealed class OptionSyntax
{
    private readonly string letters;
    private readonly Dictionary<string, char> longNames = new(StringComparer.Ordinal);
    private readonly bool stopsAtOperand;

    public OptionSyntax(string spec)
    {
        var parts = spec.Split(' ');
        stopsAtOperand = parts[0].StartsWith('+');
        letters = parts[0].TrimStart('+');
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            longNames[part[..equals]] = part[equals + 1];
        }
    }

    public ToolOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ToolOptions();
        for (var index = 0; index < arguments.Count; index++)
        {
            var argument = arguments[index];
            if (argument == "--")
            {
                options.Operands.AddRange(arguments.Skip(index + 1));
                break;
            }

            if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                index += ReadLong(options, argument, index + 1 < arguments.Count ? arguments[index + 1] : null);
            }
            else if (argument.Length > 1 && argument[0] == '-')
            {
                index += ReadCluster(options, argument, index + 1 < arguments.Count ? arguments[index + 1] : null);
            }
            else if (stopsAtOperand)
            {
                options.Operands.AddRange(arguments.Skip(index));
                break;
            }
            else
            {
                options.Operands.Add(argument);
            }
        }

        return options;
    }

    /// <returns>How many further arguments it took.</returns>
    private int ReadLong(ToolOptions options, string argument, string? next)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument[2..] : argument[2..equals];
        var matching = longNames.Keys.Where(known => known.StartsWith(name, StringComparison.Ordinal)).ToList();
        if (!longNames.ContainsKey(name) && matching.Count != 1)
        {
            throw new UsageException($"unrecognized option '--{name}'");
        }

        var letter = longNames[longNames.ContainsKey(name) ? name : matching[0]];
        if (!TakesValue(letter))
        {
            options.Add(letter, equals < 0 ? "" : argument[(equals + 1)..]);
            return 0;
        }

        if (equals < 0 && next is null)
        {
            throw new UsageException($"option '--{name}' requires an argument");
        }

        options.Add(letter, equals < 0 ? next! : argument[(equals + 1)..]);
        return equals < 0 ? 1 : 0;
    }

    private int ReadCluster(ToolOptions options, string argument, string? next)
    {
        for (var index = 1; index < argument.Length; index++)
        {
            var letter = argument[index];
            if (letter == ':' || !letters.Contains(letter, StringComparison.Ordinal))
            {
                throw new UsageException($"invalid option -- '{letter}'");
            }

            if (!TakesValue(letter))
            {
                options.Add(letter, "");
                continue;
            }

            if (index + 1 < argument.Length || MayLackValue(letter))
            {
                options.Add(letter, argument[(index + 1)..]);
                return 0;
            }

            options.Add(letter, next ?? throw new UsageException($"option requires an argument -- '{letter}'"));
            return 1;
        }

        return 0;
    }

    private bool TakesValue(char letter)
    {
        var at = letters.IndexOf(letter, StringComparison.Ordinal);
        return at >= 0 && at + 1 < letters.Length && letters[at + 1] == ':';
    }

    private bool MayLackValue(char letter) => letters.Contains($"{letter}::", StringComparison.Ordinal);
}
