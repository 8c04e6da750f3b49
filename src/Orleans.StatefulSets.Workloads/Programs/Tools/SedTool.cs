using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>sed: edits a stream of lines.</summary>
internal sealed class SedTool() : Tool("inErze:f:s quiet=n silent=n regexp-extended=E expression=e file=f in-place=i separate=s", "[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...\nor: sed [-i[SFX]] [-nrE] CMD [FILE]...", "sed")
{
    /// <summary>A suffix is attached to <c>-i</c>: it becomes an option that no user writes.</summary>
    protected override List<string> Prepare(List<string> arguments)
    {
        for (var at = 0; at < arguments.Count && arguments[at] != "--"; at++)
        {
            if (arguments[at] is ['-', 'i', _, ..] suffixed)
            {
                arguments[at] = $"--in-place={suffixed[2..]}";
            }
        }

        return arguments;
    }

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var script = await ScriptAsync(call);
        var commands = new SedScript(script, call.Options.HasAny("rE")).Parse();
        var edit = new SedEdit(call, commands) { Quiet = call.Has('n') || script.StartsWith("#n\n", StringComparison.Ordinal) };
        if (!call.Has('i'))
        {
            await edit.RunAsync(call.Operands.Count == 0 ? ["-"] : call.Operands, call.WriteAsync);
            return;
        }

        foreach (var path in call.Operands)
        {
            await EditInPlaceAsync(call, script, path);
        }
    }

    private static async ValueTask EditInPlaceAsync(ToolCall call, string script, string path)
    {
        var edit = new SedEdit(call, new SedScript(script, call.Options.HasAny("rE")).Parse()) { Quiet = call.Has('n') };
        await call.TryAsync(
            async () =>
            {
                var node = await call.Files.StatAsync(call.By, path);
                var output = new System.Text.StringBuilder();
                await edit.RunAsync([path], text =>
                {
                    output.Append(text);
                    return output.Length > call.MostBytes ? throw new FileException(Errno.ENOMEM) : default;
                });
                if (call.Value('i') is { Length: > 0 } suffix)
                {
                    await call.Files.RenameAsync(call.By, path, path + suffix);
                }
                else
                {
                    await call.Files.RemoveFileAsync(call.By, path);
                }

                await call.Files.WriteAllAsync(call.By, path, Text.ByteText.ToBytes(output.ToString()), node.Mode & 0x1FF);
                await call.Files.ChangeAsync(call.By, path, new AttributeChange { Mode = node.Mode });
            },
            error => $"{path}: {error}");
    }

    private static async ValueTask<string> ScriptAsync(ToolCall call)
    {
        var parts = new List<string>();
        foreach (var (letter, value) in call.Options.All.Where(option => option.Letter is 'e' or 'f'))
        {
            try
            {
                parts.Add(letter == 'e' ? value : ToolCall.Chomp(await call.ReadAllAsync(value)));
            }
            catch (FileException failure)
            {
                throw new UsageException($"{value}: {failure.Message}", withUsage: false);
            }
        }

        if (parts.Count == 0)
        {
            if (call.Operands.Count == 0)
            {
                throw new UsageException();
            }

            parts.Add(call.Operands[0]);
            call.Operands.RemoveAt(0);
        }

        return string.Join('\n', parts);
    }
}
