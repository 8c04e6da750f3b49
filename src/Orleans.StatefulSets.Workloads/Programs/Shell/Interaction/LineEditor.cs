using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Interaction;

/// <summary>Reads a line from a person: editing, history, completion of names.</summary>
internal sealed class LineEditor(Interpreter shell, Terminal terminal)
{
    private const int MostLine = 1024 * 8;
    private const int MostHistory = 500;
    private readonly List<string> history = [];
    private readonly byte[] keys = new byte[256];
    private int held;
    private int taken;
    private EditedLine line = new();
    private int recalled;
    private string draft = "";

    /// <summary>A line with its newline; null for the end of input.</summary>
    /// <exception cref="ShellInterrupt">^C: nothing of the line is kept.</exception>
    public async ValueTask<string?> ReadAsync(string prompt)
    {
        var modes = terminal.Modes;
        terminal.Modes = modes with { IsCanonical = false, IsEchoing = false, HasSignals = false };
        line = new EditedLine();
        recalled = history.Count;
        try
        {
            await ShowAsync(prompt);
            return await EditAsync(prompt);
        }
        finally
        {
            terminal.Modes = modes;
        }
    }

    private async ValueTask<string?> EditAsync(string prompt)
    {
        while (true)
        {
            var key = await KeyAsync();
            switch (key)
            {
                case -1:
                    return null;
                case '\r' or '\n':
                    await ShowAsync("\n");
                    Remember();
                    return line.Text + "\n";
                case 3:
                    await ShowAsync("^C");
                    throw new ShellInterrupt();
                case 4 when line.Text.Length == 0:
                    await ShowAsync("\n");
                    return null;
                case 9:
                    await CompleteAsync(prompt);
                    break;
                case 12:
                    await ShowAsync("\u001b[H\u001b[J" + prompt + line.Text + line.BackFromEnd());
                    break;
                case 14:
                    await RecallAsync(recalled + 1);
                    break;
                case 16:
                    await RecallAsync(recalled - 1);
                    break;
                case 27:
                    await EscapeAsync();
                    break;
                default:
                    await ShowAsync(line.Text.Length < MostLine || key < 32 || key == 127 ? line.Type((char)key) : "\a");
                    break;
            }
        }
    }

    private async ValueTask<int> KeyAsync()
    {
        if (taken == held)
        {
            var file = shell.Process.Input;
            (held, taken) = (file is null ? 0 : await file.ReadAsync(keys, shell.Process.Killed), 0);
            if (held == 0)
            {
                return -1;
            }
        }

        return keys[taken++];
    }

    private ValueTask ShowAsync(string text) => text.Length == 0 ? default : shell.Process.ComplainAsync(text);

    /// <summary>Arrow keys and their like: ESC [ letter, ESC O letter, ESC [ number ~.</summary>
    private async ValueTask EscapeAsync()
    {
        if (await KeyAsync() is not ('[' or 'O'))
        {
            return;
        }

        var number = "";
        int key;
        while ((key = await KeyAsync()) is (>= '0' and <= '9') or ';')
        {
            number += (char)key;
        }

        switch (key)
        {
            case 'A':
                await RecallAsync(recalled - 1);
                break;
            case 'B':
                await RecallAsync(recalled + 1);
                break;
            case 'C':
                await ShowAsync(line.Type('\u0006'));
                break;
            case 'D':
                await ShowAsync(line.Type('\u0002'));
                break;
            case 'H' or '~' when key == 'H' || number is "1" or "7":
                await ShowAsync(line.Type('\u0001'));
                break;
            case 'F' or '~' when key == 'F' || number is "4" or "8":
                await ShowAsync(line.Type('\u0005'));
                break;
            case '~' when number == "3":
                await ShowAsync(line.Type('\u0004'));
                break;
        }
    }

    private void Remember()
    {
        if (line.Text.Trim().Length > 0 && (history.Count == 0 || history[^1] != line.Text))
        {
            history.Add(line.Text);
            if (history.Count > MostHistory)
            {
                history.RemoveAt(0);
            }
        }
    }

    private async ValueTask RecallAsync(int index)
    {
        if (index < 0 || index > history.Count)
        {
            await ShowAsync("\a");
            return;
        }

        if (recalled == history.Count)
        {
            draft = line.Text;
        }

        recalled = index;
        await ShowAsync(line.Replace(index == history.Count ? draft : history[index]));
    }

    private async ValueTask CompleteAsync(string prompt)
    {
        var start = line.Text.LastIndexOf(' ', Math.Max(0, line.Cursor - 1), line.Cursor) + 1;
        var word = line.Text[start..line.Cursor];
        var isCommand = line.Text[..start].Trim().Length == 0 && !word.Contains('/');
        var found = await Completion.FindAsync(shell, word, isCommand);
        var common = Completion.CommonOf(found);
        if (common.Length > word.Length)
        {
            foreach (var c in common[word.Length..])
            {
                await ShowAsync(line.Type(c));
            }

            if (found.Count == 1 && !common.EndsWith('/'))
            {
                await ShowAsync(line.Type(' '));
            }
        }
        else if (found.Count > 1)
        {
            await ShowAsync("\n" + string.Join("  ", found.Take(200).Select(name => name[(name.TrimEnd('/').LastIndexOf('/') + 1)..])) + "\n" + prompt + line.Text + line.BackFromEnd());
        }
        else
        {
            await ShowAsync("\a");
        }
    }
}
