using System.Globalization;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Standalone;

/// <summary><c>kill</c>: sends signals to the container's processes.</summary>
internal static class Kill
{
    public static async ValueTask<int> RunAsync(Process process, string name, IReadOnlyList<string> arguments)
    {
        var i = 1;
        var signal = Signals.Terminate;
        if (i < arguments.Count && arguments[i] is "-l" or "-L")
        {
            return await ListAsync(process, name, [.. arguments.Skip(2)]);
        }

        if (i < arguments.Count && arguments[i].Length > 1 && arguments[i][0] == '-' && arguments[i] != "--")
        {
            var text = arguments[i++][1..];
            if (text is "s" or "n" && i < arguments.Count)
            {
                text = arguments[i++];
            }

            if (Signals.Parse(text) is not { } wanted)
            {
                await process.ComplainAsync($"{name}: bad signal name '{text}'\n");
                return 1;
            }

            signal = wanted;
        }

        i += i < arguments.Count && arguments[i] == "--" ? 1 : 0;
        if (i >= arguments.Count)
        {
            await process.ComplainAsync($"{name}: you need to specify whom to kill\n");
            return 1;
        }

        var status = 0;
        for (; i < arguments.Count; i++)
        {
            status = await SendAsync(process, name, arguments[i], signal) ? status : 1;
        }

        // What it sent to itself counts before it says that all is well.
        process.Killed.ThrowIfCancellationRequested();
        return status;
    }

    private static async ValueTask<bool> SendAsync(Process process, string name, string text, int signal)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
        {
            await process.ComplainAsync($"{name}: invalid number '{text}'\n");
            return false;
        }

        if (id == -1)
        {
            foreach (var other in process.Table.Running.Where(other => other.Id != 1 && other != process).ToList())
            {
                Send(process, other, signal);
            }

            return true;
        }

        if (id <= 0)
        {
            var group = id == 0 ? process.Group : -id;
            if (process.Table.Running.Any(other => other.Group == group))
            {
                process.Table.SendToGroup(group, signal);
                return true;
            }
        }

        var target = id > 0 ? process.Table.Find(id) : null;
        if (target is null || !Send(process, target, signal))
        {
            await process.ComplainAsync($"{name}: can't kill pid {id}: {(target is null ? "No such process" : "Operation not permitted")}\n");
            return false;
        }

        return true;
    }

    private static bool Send(Process from, Process to, int signal)
    {
        if (!from.Credentials.IsRoot && from.Credentials.Uid != to.Credentials.Uid)
        {
            return false;
        }

        // The kernel lets nothing inside a container kill its first process.
        if (to.Id != 1 || signal != Signals.Kill)
        {
            to.Send(signal);
        }

        return true;
    }

    private static async ValueTask<int> ListAsync(Process process, string name, IReadOnlyList<string> operands)
    {
        if (operands.Count == 0)
        {
            for (var number = 1; number < Signals.Names.Count; number++)
            {
                await process.PrintAsync($"{number,2}) {Signals.Names[number]}\n");
            }
        }

        foreach (var operand in operands)
        {
            if (int.TryParse(operand, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                number = number > 128 ? number - 128 : number;
                await process.PrintAsync((number > 0 && number < Signals.Names.Count ? Signals.Names[number] : number.ToString(CultureInfo.InvariantCulture)) + "\n");
            }
            else if (Signals.Parse(operand) is { } signal)
            {
                await process.PrintAsync(signal + "\n");
            }
            else
            {
                await process.ComplainAsync($"{name}: unknown signal '{operand}'\n");
                return 1;
            }
        }

        return 0;
    }
}
