using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>xargs: runs a command with arguments that are read.</summary>
internal sealed class XargsTool() : Tool("+0prtn:s:I:E:e::P:x null=0 no-run-if-empty=r verbose=t max-args=n max-chars=s max-procs=P", "[OPTIONS] [PROG ARGS]", "xargs")
{
    private const int MostLetters = 32_768;
    private const int Failed = 123;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var command = call.Operands.Count == 0 ? ["echo"] : call.Operands;
        var words = await ReadAsync(call);
        if (call.Value('I') is { } mark)
        {
            foreach (var line in words)
            {
                if (!await RunAsync(call, [.. command.Select(word => word.Replace(mark, line, StringComparison.Ordinal))]))
                {
                    return;
                }
            }

            return;
        }

        var most = call.Value('n') is { } count ? (int)Math.Max(1, ToolCall.Number(count)) : int.MaxValue;
        var letters = call.Value('s') is { } limit ? ToolCall.Number(limit, suffixes: true) : MostLetters;
        var at = 0;
        do
        {
            var batch = new List<string>();
            var length = command.Sum(word => word.Length + 1);
            for (; at < words.Count && batch.Count < most && (batch.Count == 0 || length + words[at].Length + 1 <= letters); at++)
            {
                batch.Add(words[at]);
                length += words[at].Length + 1;
            }

            if (length > letters && batch.Count > 0)
            {
                throw new UsageException("argument line too long", withUsage: false);
            }

            if ((batch.Count > 0 || !call.Has('r')) && !await RunAsync(call, [.. command, .. batch]))
            {
                return;
            }
        }
        while (at < words.Count);
    }

    /// <returns>Whether to go on.</returns>
    private static async ValueTask<bool> RunAsync(ToolCall call, List<string> arguments)
    {
        if (call.Has('t'))
        {
            await call.Process.ComplainAsync(string.Join(' ', arguments) + "\n");
        }

        var status = await ChildProcess.RunAsync(call, arguments);
        switch (status)
        {
            case 0:
                return true;
            case 255:
                await call.FailAsync($"{arguments[0]}: exited with status 255; aborting", 124);
                return false;
            case 126 or 127:
                call.Status = status;
                return false;
            case > 128:
                call.Status = 125;
                return false;
            default:
                call.Status = Failed;
                return true;
        }
    }

    private static async ValueTask<List<string>> ReadAsync(ToolCall call)
    {
        if (call.Has('0'))
        {
            return [.. (await call.Input.ReadLinesAsync('\0')).Select(word => word.TrimEnd('\0'))];
        }

        if (call.Has('I'))
        {
            return [.. (await call.Input.ReadLinesAsync()).Select(line => ToolCall.Chomp(line).TrimStart(' ', '\t')).Where(line => line.Length > 0).Select(Unquoted)];
        }

        return Words(call, await call.Input.ReadToEndAsync());
    }

    private static string Unquoted(string line) => line.Replace("\\", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal);

    private static List<string> Words(ToolCall call, string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, inWord) = ('\0', false);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (quote != '\0')
            {
                if (letter == '\n')
                {
                    throw new UsageException($"unmatched {(quote == '"' ? "double" : "single")} quote", withUsage: false);
                }

                quote = letter == quote ? '\0' : quote;
                word.Append(quote == '\0' ? "" : letter.ToString());
            }
            else if (letter is '"' or '\'')
            {
                (quote, inWord) = (letter, true);
            }
            else if (letter == '\\' && at + 1 < text.Length)
            {
                word.Append(text[++at]);
                inWord = true;
            }
            else if (letter is ' ' or '\t' or '\n')
            {
                Finish();
            }
            else
            {
                word.Append(letter);
                inWord = true;
            }
        }

        if (quote != '\0')
        {
            throw new UsageException($"unmatched {(quote == '"' ? "double" : "single")} quote", withUsage: false);
        }

        Finish();
        var end = call.Value('E') is { Length: > 0 } stop ? words.IndexOf(stop) : -1;
        return end < 0 ? words : words[..end];

        void Finish()
        {
            if (inWord || word.Length > 0)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            inWord = false;
        }
    }
}
