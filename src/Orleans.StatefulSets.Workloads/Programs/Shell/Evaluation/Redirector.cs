using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>Carries out redirections, and undoes them.</summary>
internal sealed class Redirector(Interpreter shell)
{
    /// <summary>What stood at descriptors before; a share of each is held.</summary>
    public sealed class Saved : List<(int Descriptor, IOpenFile? File)>;

    /// <summary>Carries them out in order.</summary>
    /// <param name="redirections">The redirections.</param>
    /// <param name="saved">Takes what stood there before; null where nobody will want it back.</param>
    /// <exception cref="ShellError">A file can't be opened; those before it have been carried out.</exception>
    public async ValueTask ApplyAsync(IReadOnlyList<Redirection> redirections, Saved? saved)
    {
        foreach (var redirection in redirections)
        {
            await ApplyAsync(redirection, saved);
        }
    }

    /// <summary>Puts back what stood there before.</summary>
    public async ValueTask UndoAsync(Saved saved)
    {
        if (shell.Process.Successor is not null)
        {
            await ForgetAsync(saved);
            return;
        }

        for (var i = saved.Count - 1; i >= 0; i--)
        {
            var (descriptor, file) = saved[i];
            if (file is null)
            {
                await shell.Process.Files.CloseAsync(descriptor);
            }
            else
            {
                await shell.Process.Files.SetAsync(descriptor, file);
            }
        }

        saved.Clear();

        // A builtin that wrote to a volume ends here, as any other command does with its process.
        await shell.Process.Container.Files.FlushAsync();
    }

    /// <summary>Lets things stay as they are, and the shares of what stood there before go.</summary>
    public static async ValueTask ForgetAsync(Saved saved)
    {
        foreach (var (_, file) in saved)
        {
            await (file?.CloseAsync() ?? default);
        }

        saved.Clear();
    }

    private async ValueTask ApplyAsync(Redirection redirection, Saved? saved)
    {
        var descriptor = redirection.Descriptor ?? 0;
        var file = redirection.Kind switch
        {
            RedirectionKind.HereDocument or RedirectionKind.HereDocumentWithoutTabs => await HereDocumentAsync(redirection),
            RedirectionKind.Duplicate => await DuplicateAsync(redirection),
            _ => await OpenAsync(redirection.Kind, await shell.Expander.TextAsync(redirection.Target)),
        };
        var files = shell.Process.Files;
        Save(descriptor, saved);
        try
        {
            if (file is null)
            {
                await files.CloseAsync(descriptor);
                return;
            }

            await files.SetAsync(descriptor, file);
        }
        catch (FileException failure)
        {
            throw new ShellError($"{descriptor}: {failure.Message}", 1);
        }

        if (redirection.Kind == RedirectionKind.WriteBoth)
        {
            Save(2, saved);
            file.Share();
            await files.SetAsync(2, file);
        }
    }

    private void Save(int descriptor, Saved? saved)
    {
        if (saved is null)
        {
            return;
        }

        var before = shell.Process.Files[descriptor];
        before?.Share();
        saved.Add((descriptor, before));
    }

    private async ValueTask<IOpenFile> HereDocumentAsync(Redirection redirection) =>
        new ByteSource(ByteText.ToBytes(redirection.Text is { } text ? await shell.Expander.TextAsync(text) : ""));

    private async ValueTask<IOpenFile?> DuplicateAsync(Redirection redirection)
    {
        var target = await shell.Expander.TextAsync(redirection.Target);
        if (target == "-")
        {
            return null;
        }

        if (target.Length == 0 || target.Length > 6 || !target.All(char.IsAsciiDigit))
        {
            throw new ShellError("syntax error: bad fd number");
        }

        var file = shell.Process.Files[int.Parse(target, System.Globalization.CultureInfo.InvariantCulture)]
            ?? throw new ShellError($"{target}: {FileException.TextOf(Errno.EBADF)}", 1);
        file.Share();
        return file;
    }

    private async ValueTask<IOpenFile> OpenAsync(RedirectionKind kind, string path)
    {
        var process = shell.Process;
        var mode = kind switch
        {
            RedirectionKind.Read => OpenMode.Read,
            RedirectionKind.ReadWrite => OpenMode.Read | OpenMode.Write | OpenMode.Create,
            RedirectionKind.Append => OpenMode.Write | OpenMode.Create | OpenMode.Append,
            _ => OpenMode.Write | OpenMode.Create | OpenMode.Truncate,
        };
        try
        {
            if (kind == RedirectionKind.Write && shell.Options.NoClobber)
            {
                await RefuseClobberAsync(path);
            }

            return await process.Container.Files.OpenAsync(process.Caller, path, mode);
        }
        catch (FileException failure)
        {
            var creates = mode.HasFlag(OpenMode.Create);
            var reason = failure.Code == Errno.ENOENT ? (creates ? "nonexistent directory" : "no such file") : failure.Message;
            throw new ShellError($"can't {(creates ? "create" : "open")} {path}: {reason}", 1);
        }
    }

    private async ValueTask RefuseClobberAsync(string path)
    {
        FileNode node;
        try
        {
            node = await shell.Process.Container.Files.StatAsync(shell.Process.Caller, path);
        }
        catch (FileException)
        {
            return;
        }

        if (node.Kind == FileKind.Regular)
        {
            throw new FileException(Errno.EEXIST);
        }
    }
}
