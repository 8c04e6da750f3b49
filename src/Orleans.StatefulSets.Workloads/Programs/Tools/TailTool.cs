using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>tail: the last lines or bytes, and what is added to them later.</summary>
internal sealed class TailTool() : Tool("fFc:n:qs:v lines=n bytes=c follow=f quiet=q verbose=v sleep-interval=s", "[OPTIONS] [FILE]...", "tail")
{
    private const int Chunk = 16_384;

    protected override List<string> Prepare(List<string> arguments)
    {
        for (var at = 0; at < arguments.Count && arguments[at] != "--"; at++)
        {
            if (arguments[at] is ['+', >= '0' and <= '9', ..] && (at == 0 || arguments[at - 1] is not ("-n" or "-c" or "-s")))
            {
                arguments[at] = $"-n{arguments[at]}";
                break;
            }
        }

        return HeadTool.OldCount(arguments);
    }

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var bytes = call.Options.LastOf("nc") == 'c';
        var text = call.Options.All.LastOrDefault(option => option.Letter is 'n' or 'c').Value ?? "10";
        var fromStart = text.StartsWith('+');
        var count = Math.Abs(ToolCall.Number(fromStart ? text[1..] : text, suffixes: true));
        var headed = call.Options.LastOf("qv") switch { 'q' => false, 'v' => true, _ => call.Operands.Count > 1 };
        var followed = new List<Followed>();
        var first = true;
        foreach (var path in call.Operands.Count == 0 ? ["-"] : call.Operands)
        {
            await call.TryAsync(
                async () =>
                {
                    var file = path == "-" ? call.Process.Input ?? throw new FileException(Errno.EBADF) : await call.OpenAsync(path, OpenMode.Read);
                    var reader = new ByteReader(call, file);
                    if (headed)
                    {
                        await HeadAsync(call, path, first);
                        first = false;
                    }

                    await (fromStart ? FromStartAsync(call, reader, count, bytes) : bytes ? LastBytesAsync(call, reader, count) : LastLinesAsync(call, reader, count));
                    followed.Add(new Followed(path, file));
                },
                error => error == "Is a directory" ? $"{path}: {error}" : $"can't open '{path}': {error}");
        }

        if (call.Options.HasAny("fF") && followed.Count > 0)
        {
            await FollowAsync(call, followed, headed);
        }
    }

    private sealed record Followed(string Path, IOpenFile File);

    private static ValueTask HeadAsync(ToolCall call, string path, bool first) =>
        call.WriteAsync($"{(first ? "" : "\n")}==> {(path == "-" ? "standard input" : path)} <==\n");

    private static async ValueTask FromStartAsync(ToolCall call, ByteReader reader, long count, bool bytes)
    {
        for (var skipped = 1L; skipped < count; skipped++)
        {
            if (bytes ? (await reader.ReadBlockAsync(1)).IsEmpty : await reader.ReadLineAsync() is null)
            {
                return;
            }
        }

        while (await reader.ReadBlockAsync() is { IsEmpty: false } block)
        {
            await call.WriteAsync(block);
        }
    }

    private static async ValueTask LastBytesAsync(ToolCall call, ByteReader reader, long count)
    {
        var kept = new System.Text.StringBuilder();
        while (await reader.ReadBlockAsync() is { IsEmpty: false } block)
        {
            kept.Append(ByteText.FromBytes(block.Span));
            if (kept.Length > count)
            {
                kept.Remove(0, (int)(kept.Length - count));
            }

            Require(call, kept.Length);
        }

        await call.WriteAsync(kept.ToString());
    }

    private static async ValueTask LastLinesAsync(ToolCall call, ByteReader reader, long count)
    {
        var kept = new Queue<string>();
        long total = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            kept.Enqueue(line);
            total += line.Length;
            if (kept.Count > count)
            {
                total -= kept.Dequeue().Length;
            }

            Require(call, total);
        }

        foreach (var line in kept)
        {
            await call.WriteAsync(line);
        }
    }

    private static void Require(ToolCall call, long bytes)
    {
        if (bytes > call.MostBytes)
        {
            throw new FileException(Errno.ENOMEM);
        }
    }

    private static async ValueTask FollowAsync(ToolCall call, List<Followed> followed, bool headed)
    {
        var period = TimeSpan.FromSeconds(call.Value('s') is { } text ? ToolCall.Number(text) : 1);
        var buffer = new byte[Chunk];
        var last = followed[^1];
        while (true)
        {
            foreach (var file in followed)
            {
                await BackIfCutAsync(file.File);
                int count;
                while ((count = await file.File.ReadAsync(buffer, call.Process.Killed)) > 0)
                {
                    if (headed && file != last)
                    {
                        await HeadAsync(call, file.Path, first: false);
                        last = file;
                    }

                    await call.WriteAsync(buffer.AsMemory(0, count));
                    await call.FlushAsync();
                }
            }

            await call.FlushAsync();
            await call.Process.StepAsync();
            await Task.Delay(period, call.Clock, call.Process.Killed);
        }
    }

    /// <summary>A file that became shorter is read from its start again.</summary>
    private static async ValueTask BackIfCutAsync(IOpenFile file)
    {
        if (file is RegularFile regular && file.File is { } behind && (await behind.Tree.GetAsync(behind.Node)).Size < regular.Offset)
        {
            regular.Offset = 0;
        }
    }
}
