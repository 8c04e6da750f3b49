using System.Globalization;
using System.Text;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;

/// <summary><c>read</c>: a line of input into variables.</summary>
internal static class ReadBuiltin
{
    private sealed record Request(bool IsRaw, int Most, TimeSpan? Timeout, char Delimiter, int Descriptor, bool IsSilent);

    public static async ValueTask<int> RunAsync(BuiltinCall call)
    {
        var (options, names) = call.Parse("rp:t:n:d:u:s");
        string? Value(char letter) => options.Where(option => option.Letter == letter).Select(option => option.Value).LastOrDefault();
        foreach (var name in names)
        {
            if (!Names.IsName(name))
            {
                await call.Shell.Process.ComplainAsync($"{call.Shell.Name}: read: '{name}': bad variable name\n");
                return 1;
            }
        }

        var request = new Request(
            Value('r') is not null,
            Value('n') is { } most ? call.Number(most) : int.MaxValue,
            Value('t') is { } seconds && double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var time) ? TimeSpan.FromSeconds(Math.Clamp(time, 0, 1e6)) : null,
            Value('d') is { } delimiter ? (delimiter.Length > 0 ? delimiter[0] : '\0') : '\n',
            Value('u') is { } descriptor ? call.Number(descriptor) : 0,
            Value('s') is not null);
        var file = call.Shell.Process.Files[request.Descriptor];
        if (Value('p') is { } prompt && file is { IsTerminal: true })
        {
            await call.Shell.Process.ComplainAsync(prompt);
        }

        var (line, status) = await ReadAsync(call.Shell, file, request);
        Assign(call.Shell, names.Count == 0 ? ["REPLY"] : names, line, names.Count == 0);
        return status;
    }

    /// <summary>Reads characters; escaped ones carry <see cref="Expansion.Marks.Quoted"/>.</summary>
    private static async ValueTask<(StringBuilder Line, int Status)> ReadAsync(Interpreter shell, IOpenFile? file, Request request)
    {
        var line = new StringBuilder();
        if (file is null)
        {
            return (line, 1);
        }

        using var timer = request.Timeout is { } timeout ? new CancellationTokenSource(timeout, shell.Process.Container.Clock) : null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(shell.Process.Killed, shell.Traps.Interruption, timer?.Token ?? CancellationToken.None);
        var terminal = request.IsSilent ? file as TerminalFile : null;
        var modes = terminal?.Terminal.Modes;
        try
        {
            if (terminal is not null)
            {
                terminal.Terminal.Modes = modes! with { IsEchoing = false };
            }

            return (line, await FillAsync(shell, file, request, line, stop.Token));
        }
        catch (OperationCanceledException) when (!shell.Process.Killed.IsCancellationRequested)
        {
            return (line, timer is { IsCancellationRequested: true } ? 1 : 128 + shell.Traps.LastSignal);
        }
        catch (FileException failure)
        {
            await shell.ComplainAsync($"read error: {failure.Message}", "read");
            return (line, 1);
        }
        finally
        {
            if (terminal is not null)
            {
                terminal.Terminal.Modes = modes!;
            }
        }
    }

    private static async ValueTask<int> FillAsync(Interpreter shell, IOpenFile file, Request request, StringBuilder line, CancellationToken cancellation)
    {
        // One byte at a time: what follows the line is left to whoever reads next.
        var one = new byte[1];
        var isEscaped = false;
        for (var count = 0; count < request.Most; count++)
        {
            if (count % 256 == 0)
            {
                await shell.Process.StepAsync();
                shell.Expander.Bound(line.Length);
            }

            if (await file.ReadAsync(one, cancellation) == 0)
            {
                return 1;
            }

            var c = (char)one[0];
            if (isEscaped)
            {
                isEscaped = false;
                if (c != '\n')
                {
                    line.Append((char)(c | Expansion.Marks.Quoted));
                }
            }
            else if (c == '\\' && !request.IsRaw)
            {
                isEscaped = true;
            }
            else if (c == request.Delimiter)
            {
                return 0;
            }
            else if (c != '\0')
            {
                line.Append(c);
            }
        }

        return 0;
    }

    private static void Assign(Interpreter shell, IReadOnlyList<string> names, StringBuilder line, bool isWhole)
    {
        var separators = isWhole ? "" : shell.Variables.Get("IFS") ?? " \t\n";
        bool Separates(char c) => c < Expansion.Marks.Quoted && separators.Contains(c);
        bool IsBlank(char c) => Separates(c) && c is ' ' or '\t' or '\n';
        var text = line.ToString();
        var at = 0;
        while (at < text.Length && IsBlank(text[at]) && Separates(text[at]))
        {
            at++;
        }

        for (var i = 0; i < names.Count; i++)
        {
            var end = at;
            while (end < text.Length && !Separates(text[end]))
            {
                end++;
            }

            var next = SkipSeparator(text, end, separators);
            if (i == names.Count - 1 && next < text.Length)
            {
                // The last one gets all that is left, but for the blanks at the end.
                end = text.Length;
                while (end > at && Separates(text[end - 1]) && text[end - 1] is ' ' or '\t' or '\n')
                {
                    end--;
                }
            }

            shell.Variables.Set(names[i], Expansion.Marks.Remove(text.AsSpan(at, end - at)));
            at = next;
        }
    }

    private static int SkipSeparator(string text, int at, string separators)
    {
        bool IsBlank(int index) => index < text.Length && text[index] is ' ' or '\t' or '\n' && separators.Contains(text[index]);
        while (IsBlank(at))
        {
            at++;
        }

        if (at < text.Length && text[at] < Expansion.Marks.Quoted && separators.Contains(text[at]))
        {
            at++;
            while (IsBlank(at))
            {
                at++;
            }
        }

        return at;
    }
}
