using System.Globalization;
using System.IO.Compression;
using System.Text;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>tar: makes, lists and extracts archives; what <c>kubectl cp</c> runs.</summary>
internal sealed class TarTool() : Tool(
    "cxtzahmvokOpf:C:X:T:E:N:UMW create=c extract=x get=x list=t gzip=z file=f directory=C verbose=v to-stdout=O preserve-permissions=p same-permissions=p dereference=h touch=m keep-old=k exclude=E no-same-owner=o"
        + " strip-components=N no-same-permissions=M numeric-owner=U overwrite=W",
    "c|x|t [-zahmvokO] [-f TARFILE] [-C DIR] [FILE]...",
    "tar")
{
    /// <summary>The first argument needs no dash; its letters' values follow in their order.</summary>
    protected override List<string> Prepare(List<string> arguments)
    {
        if (arguments.Count == 0 || arguments[0].StartsWith('-'))
        {
            return arguments;
        }

        var values = new Queue<string>(arguments.Skip(1));
        var rewritten = new List<string>();
        foreach (var letter in arguments[0])
        {
            rewritten.Add($"-{letter}");
            if (letter is 'f' or 'C' or 'X' or 'T')
            {
                rewritten.Add(values.TryDequeue(out var value) ? value : throw new UsageException($"option requires an argument -- '{letter}'"));
            }
        }

        return [.. rewritten, .. values];
    }

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var action = call.Options.LastOf("cxt");
        if (action == '\0' || call.Options.All.Count(option => option.Letter is 'c' or 'x' or 't') > 1)
        {
            throw new UsageException();
        }

        try
        {
            await (action == 'c' ? CreateAsync(call) : ReadAsync(call, action));
        }
        catch (InvalidDataException failure)
        {
            await call.FailAsync(failure.Message);
        }
    }

    private static async ValueTask CreateAsync(ToolCall call)
    {
        if (call.Operands.Count == 0 && call.Value('T') is null)
        {
            throw new UsageException("empty archive", withUsage: false);
        }

        var path = call.Value('f') ?? "-";
        var file = path == "-" ? null : await OpenOutputAsync(call, path);
        ValueTask Write(ReadOnlyMemory<byte> bytes) => file is null ? call.WriteAsync(bytes) : file.WriteAsync(bytes, call.Process.Killed);
        ChangeDirectory(call);
        var writer = new TarWriter(call, await Accounts.ReadAsync(call), file?.File);
        if (!call.Has('z'))
        {
            await writer.RunAsync(Write);
            return;
        }

        var packed = new MemoryStream();
        using (var packer = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            await writer.RunAsync(bytes =>
            {
                packer.Write(bytes.Span);
                return DrainAsync(packed, Write);
            });
        }

        await DrainAsync(packed, Write);
    }

    private static async ValueTask DrainAsync(MemoryStream packed, Func<ReadOnlyMemory<byte>, ValueTask> write)
    {
        if (packed.Length > 0)
        {
            await write(packed.ToArray());
            packed.SetLength(0);
        }
    }

    private static async ValueTask<Processes.IOpenFile> OpenOutputAsync(ToolCall call, string path)
    {
        try
        {
            return await call.OpenAsync(path, OpenMode.Write | OpenMode.Create | OpenMode.Truncate);
        }
        catch (FileException failure)
        {
            throw new UsageException($"can't open '{path}': {failure.Message}", withUsage: false);
        }
    }

    private static async ValueTask ReadAsync(ToolCall call, char action)
    {
        var path = call.Value('f') ?? "-";
        ByteReader reader;
        try
        {
            reader = await call.OpenReaderAsync(path);
        }
        catch (FileException failure)
        {
            throw new UsageException($"can't open '{path}': {failure.Message}", withUsage: false);
        }

        ChangeDirectory(call);
        var packed = call.Has('z') || call.Has('a') || path.EndsWith("gz", StringComparison.Ordinal);
        await new TarReader(call, packed ? new ByteReader(call, new UnpackedFile(call, reader)) : reader, await Accounts.ReadAsync(call)).RunAsync(action == 't');
    }

    private static void ChangeDirectory(ToolCall call)
    {
        foreach (var folder in call.Options.Values('C'))
        {
            call.Process.WorkingDirectory = folder.StartsWith('/') ? folder : ToolCall.Join(call.Process.WorkingDirectory, folder);
        }
    }

    /// <summary>A line of <c>tar -tv</c>.</summary>
    internal static string Line(TarHeader header)
    {
        var kind = header.IsDirectory ? FileKind.Directory : header.Type == '2' ? FileKind.SymbolicLink : FileKind.Regular;
        var mode = ModeText.Of(new FileNode(0, kind, header.Mode, 0, 0, 0, 1, default, default, default));
        var owner = $"{(header.User.Length > 0 ? header.User : header.Uid.ToString(CultureInfo.InvariantCulture))}/{(header.Group.Length > 0 ? header.Group : header.Gid.ToString(CultureInfo.InvariantCulture))}";
        var text = new StringBuilder($"{mode} {owner} {header.Size,9} {DateText.Format("%Y-%m-%d %H:%M:%S", header.Modified)} {header.Name}");
        return (header.Type is '1' or '2' ? text.Append($" -> {header.Link}") : text).ToString();
    }
}
