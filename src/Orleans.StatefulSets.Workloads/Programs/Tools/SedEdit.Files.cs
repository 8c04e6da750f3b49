using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <content>What sed reads and writes besides its output.</content>
internal sealed partial class SedEdit
{
    private async ValueTask<bool> NextAsync(bool append)
    {
        if (ahead is not { } line)
        {
            return false;
        }

        ahead = await ReadAsync();
        var text = ToolCall.Chomp(line);
        lineEnd = line.EndsWith('\n') || ahead is not null ? "\n" : "";
        space = append ? Bounded($"{space}\n{text}") : text;
        number++;
        return true;
    }

    private async ValueTask<string?> ReadAsync()
    {
        while (true)
        {
            if (reader is not null && await reader.ReadLineAsync() is { } line)
            {
                return line;
            }

            await (reader?.CloseAsync() ?? default);
            reader = null;
            if (!paths.TryDequeue(out var path))
            {
                return null;
            }

            try
            {
                if (path != "-" && (await call.Files.StatAsync(call.By, path)).IsDirectory)
                {
                    await call.FailAsync($"couldn't edit {path}: not a regular file");
                    continue;
                }

                reader = await call.OpenReaderAsync(path);
            }
            catch (FileException failure)
            {
                await call.FailAsync($"{path}: {failure.Message}");
            }
        }
    }

    private async ValueTask CopyAsync(string path)
    {
        if (await call.FindAsync(path) is not null)
        {
            await write(await call.ReadAllAsync(path));
        }
    }

    private async ValueTask SaveAsync(string path)
    {
        if (path == "/dev/stdout")
        {
            await write(space + "\n");
            return;
        }

        var mode = OpenMode.Write | OpenMode.Create | (written.Add(path) ? OpenMode.Truncate : OpenMode.Append);
        var file = await call.OpenAsync(path, mode);
        await file.WriteAsync(ByteText.ToBytes(space + "\n"), call.Process.Killed);
        await call.CloseAsync(file);
    }
}
