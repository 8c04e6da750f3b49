using System.Text;
using System.Text.RegularExpressions;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Runs a sed script over files.</summary>
internal sealed partial class SedEdit(ToolCall call, List<SedCommand> commands)
{
    private readonly Dictionary<string, int> labels = commands.Select((command, index) => (command, index)).Where(pair => pair.command.Name == ':').GroupBy(pair => pair.command.Text).ToDictionary(group => group.Key, group => group.Last().index);
    private readonly List<Func<ValueTask>> appended = [];
    private readonly HashSet<string> written = [];
    private Func<string, ValueTask> write = _ => default;
    private Queue<string> paths = new();
    private ByteReader? reader;
    private string? ahead;
    private string space = "";
    private string hold = "";
    private string lineEnd = "\n";
    private long number;
    private Regex? last;
    private bool replaced;
    private bool done;

    public bool Quiet { get; init; }

    public async ValueTask RunAsync(IEnumerable<string> files, Func<string, ValueTask> output)
    {
        write = output;
        paths = new Queue<string>(files);
        ahead = await ReadAsync();
        while (!done && await NextAsync(append: false))
        {
            var again = true;
            while (again && !done)
            {
                again = await CycleAsync();
                await FlushAppendedAsync();
            }
        }
    }

    /// <returns>Whether the script begins again with what is left in the pattern space.</returns>
    private async ValueTask<bool> CycleAsync()
    {
        replaced = false;
        for (var at = 0; at < commands.Count; at++)
        {
            await call.Process.StepAsync();
            var command = commands[at];
            if (!Applies(command))
            {
                at = command.Name == '{' ? command.End : at;
                continue;
            }

            switch (command.Name)
            {
                case 'd':
                    return false;
                case 'D':
                    var cut = space.IndexOf('\n', StringComparison.Ordinal);
                    space = space[(cut + 1)..];
                    if (cut < 0)
                    {
                        return false;
                    }

                    return true;
                case 'c':
                    if (command.To is null || command.Negated || !command.InRange)
                    {
                        await write(command.Text);
                    }

                    return false;
                case 'n':
                    if (ahead is null)
                    {
                        done = true;
                        await EndAsync();
                        return false;
                    }

                    await EndAsync();
                    await FlushAppendedAsync();
                    await NextAsync(append: false);
                    break;
                case 'N':
                    if (ahead is null)
                    {
                        done = true;
                        await EndAsync();
                        return false;
                    }

                    await FlushAppendedAsync();
                    await NextAsync(append: true);
                    break;
                case 'q' or 'Q':
                    done = true;
                    call.Status = command.Occurrence & 255;
                    await (command.Name == 'q' ? EndAsync() : default);
                    return false;
                case 'b' or 't' or 'T':
                    var jumps = command.Name switch { 'b' => true, 't' => replaced, _ => !replaced };
                    replaced = command.Name == 'b' && replaced;
                    at = !jumps ? at : command.Text.Length == 0 ? commands.Count : Target(command.Text);
                    break;
                default:
                    await RunAsync(command);
                    break;
            }
        }

        await EndAsync();
        return false;
    }

    private int Target(string label) => labels.TryGetValue(label, out var at) ? at : throw new UsageException($"can't find label for jump to '{label}'", withUsage: false);

    private async ValueTask RunAsync(SedCommand command)
    {
        switch (command.Name)
        {
            case 's':
                await SubstituteAsync(command);
                break;
            case 'y':
                space = string.Concat(space.Select(letter => command.Text.IndexOf(letter, StringComparison.Ordinal) is var at and >= 0 ? command.Replacement[at] : letter));
                break;
            case 'p':
                await write(space + "\n");
                break;
            case 'P':
                await write(space.Split('\n')[0] + "\n");
                break;
            case 'a':
                appended.Add(() => write(command.Text));
                break;
            case 'i':
                await write(command.Text);
                break;
            case 'r':
                appended.Add(() => CopyAsync(command.Text));
                break;
            case 'w':
                await SaveAsync(command.Text);
                break;
            case '=':
                await write($"{number}\n");
                break;
            case 'g':
                space = hold;
                break;
            case 'G':
                space = Bounded($"{space}\n{hold}");
                break;
            case 'h':
                hold = space;
                break;
            case 'H':
                hold = Bounded($"{hold}\n{space}");
                break;
            case 'x':
                (space, hold) = (hold, space);
                break;
            case 'l':
                await write(Visible(space));
                break;
            default:
                break;
        }
    }

    private async ValueTask SubstituteAsync(SedCommand command)
    {
        var pattern = last = command.Pattern ?? last ?? throw new UsageException("no previous regexp", withUsage: false);
        var result = new StringBuilder();
        var (from, seen, changed, end) = (0, 0, false, -1);
        for (var match = pattern.Match(space); match.Success; match = match.NextMatch())
        {
            // An empty match right behind another is none.
            if (match.Length == 0 && match.Index == end)
            {
                continue;
            }

            seen++;
            end = match.Index + match.Length;
            if (seen < command.Occurrence)
            {
                continue;
            }

            result.Append(space, from, match.Index - from).Append(SedReplacement.Expand(command.Replacement, match));
            from = match.Index + match.Length;
            changed = true;
            if (!command.Global)
            {
                break;
            }

            Bounded(result.Length);
        }

        if (!changed)
        {
            return;
        }

        space = Bounded(result.Append(space, from, space.Length - from).ToString());
        replaced = true;
        if (command.Print)
        {
            await write(space + "\n");
        }

        if (command.Text.Length > 0)
        {
            await SaveAsync(command.Text);
        }
    }

    private bool Applies(SedCommand command)
    {
        if (command.From is null)
        {
            return !command.Negated;
        }

        return (command.To is null ? Is(command.From) : IsInRange(command, command.From, command.To)) != command.Negated;
    }

    private bool IsInRange(SedCommand command, SedAddress from, SedAddress to)
    {
        if (command.InRange)
        {
            command.InRange = to.Follow >= 0 || to.Line > 0 ? number < command.RangeEnd : !Is(to);
            return to.Line == 0 || to.Follow >= 0 || number <= command.RangeEnd;
        }

        if (!Is(from))
        {
            return false;
        }

        command.RangeEnd = to.Follow >= 0 ? number + to.Follow : to.Line;
        command.InRange = to.Follow >= 0 || to.Line > 0 ? number < command.RangeEnd : !(to.IsLast && ahead is null);
        return true;
    }

    private bool Is(SedAddress address)
    {
        if (address.IsLast)
        {
            return ahead is null;
        }

        if (address.UsesLast)
        {
            return (last ?? throw new UsageException("no previous regexp", withUsage: false)).IsMatch(space);
        }

        if (address.Pattern is { } pattern)
        {
            last = pattern;
            return pattern.IsMatch(space);
        }

        return address.Step > 0 ? number >= address.Line && (number - address.Line) % address.Step == 0 : number == address.Line;
    }

    private async ValueTask EndAsync() => await (Quiet ? default : write(space + lineEnd));

    private async ValueTask FlushAppendedAsync()
    {
        foreach (var text in appended)
        {
            await text();
        }

        appended.Clear();
    }

    private string Bounded(string text)
    {
        Bounded(text.Length);
        return text;
    }

    private void Bounded(int length)
    {
        if (length > call.MostBytes)
        {
            throw new FileException(Errno.ENOMEM);
        }
    }

    private static string Visible(string text) =>
        string.Concat(text.Select(letter => letter switch { '\\' => "\\\\", '\t' => "\\t", '\n' => "\\n", < ' ' or > '~' => $"\\{Convert.ToString(letter, 8).PadLeft(3, '0')}", _ => letter.ToString() })) + "$\n";
}
