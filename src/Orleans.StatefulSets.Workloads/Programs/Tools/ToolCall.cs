using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>One run of a tool: its arguments, files, output and errors.</summary>
internal sealed class ToolCall(Process process, string name)
{
    private const int OutputBytes = 8192;
    private readonly MemoryStream output = new();
    private readonly List<IOpenFile> opened = [];
    private ByteReader? input;

    public Process Process => process;

    /// <summary>The name that it was called by.</summary>
    public string Name => name;

    public ToolOptions Options { get; set; } = new();

    public List<string> Operands => Options.Operands;

    public FileSystem Files => process.Container.Files;

    public Caller By => process.Caller;

    public TimeProvider Clock => process.Container.Clock;

    /// <summary>Bytes that this process may hold.</summary>
    public long MostBytes => process.Container.Limits.ProcessBytes;

    /// <summary>The exit status so far.</summary>
    public int Status { get; set; }

    /// <summary>Whether standard output is a terminal.</summary>
    public bool IsTerminal => process.Files[1]?.IsTerminal == true;

    /// <summary>Standard input, read through one buffer by all who read it.</summary>
    public ByteReader Input => input ??= new ByteReader(this, process.Input ?? throw new FileException(Errno.EBADF));

    public bool Has(char letter) => Options.Has(letter);

    public string? Value(char letter) => Options.Value(letter);

    /// <summary>Puts out a byte string, later, with what comes after it.</summary>
    public ValueTask WriteAsync(string text)
    {
        Span<byte> bytes = text.Length <= 256 ? stackalloc byte[text.Length] : new byte[text.Length];
        System.Text.Encoding.Latin1.GetBytes(text, bytes);
        output.Write(bytes);
        return output.Length >= OutputBytes ? FlushAsync() : default;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        output.Write(bytes.Span);
        if (output.Length >= OutputBytes)
        {
            await FlushAsync();
        }
    }

    public ValueTask WriteLineAsync(string text) => WriteAsync(text + "\n");

    /// <summary>Puts out what was gathered.</summary>
    public async ValueTask FlushAsync()
    {
        if (output.Length == 0)
        {
            return;
        }

        var bytes = output.ToArray();
        output.SetLength(0);
        var file = process.Files[1] ?? throw new FileException(Errno.EBADF);
        await process.StepAsync(1 + (bytes.Length / 4096));
        try
        {
            await file.WriteAsync(bytes, process.Killed);
        }
        catch (FileException failure) when (failure.Code != Errno.EPIPE)
        {
            throw new UsageException($"write error: {failure.Message}", withUsage: false);
        }
    }

    /// <summary>Says an error behind the tool's name; what was put out before goes first, as busybox flushes it.</summary>
    public async ValueTask ComplainAsync(string message)
    {
        await FlushAsync();
        if (message.Length > 0)
        {
            await process.ComplainAsync($"{name}: {message}\n");
        }
    }

    /// <summary>Says an error, and remembers that the tool failed.</summary>
    public ValueTask FailAsync(string message, int status = 1)
    {
        Status = status;
        return ComplainAsync(message);
    }

    public async ValueTask UsageAsync(Tool tool)
    {
        await FlushAsync();
        await process.ComplainAsync($"Usage: {$"{name} {tool.UsageOf(name)}".TrimEnd()}\n");
    }

    /// <summary>Reads a whole file or input as bytes, as much as the process may hold.</summary>
    public async ValueTask<string> ReadAllAsync(string path)
    {
        var reader = await OpenReaderAsync(path);
        var text = await reader.ReadToEndAsync();
        await reader.CloseAsync();
        return text;
    }

    /// <summary>A reader of a file; <c>-</c> is standard input.</summary>
    public async ValueTask<ByteReader> OpenReaderAsync(string path) =>
        path == "-" ? Input : new ByteReader(this, await OpenAsync(path, OpenMode.Read)) { Owns = true };

    /// <summary>Opens a file that is closed by <see cref="CloseAsync"/>, or when the tool ends, however it does.</summary>
    public async ValueTask<IOpenFile> OpenAsync(string path, OpenMode mode, int permissions = 0x1B6)
    {
        var file = await Files.OpenAsync(By, path, mode, permissions);
        opened.Add(file);
        return file;
    }

    public ValueTask CloseAsync(IOpenFile file) => opened.Remove(file) ? file.CloseAsync() : default;

    public async ValueTask CloseAllAsync()
    {
        foreach (var file in opened.ToList())
        {
            await CloseAsync(file);
        }
    }

    /// <summary>Hands each operand's bytes to a body, standard input's where there is none; says which cannot be opened.</summary>
    /// <param name="body">The name and a reader.</param>
    /// <param name="message">What is said of one that cannot be opened, by name and error.</param>
    public async ValueTask ForEachInputAsync(Func<string, ByteReader, ValueTask> body, Func<string, string, string>? message = null)
    {
        foreach (var path in Operands.Count == 0 ? ["-"] : Operands)
        {
            await TryAsync(
                async () =>
                {
                    var reader = await OpenReaderAsync(path);
                    await body(path, reader);
                    await reader.CloseAsync();
                },
                error => message is null ? $"{path}: {error}" : message(path, error));
        }
    }

    /// <summary>Does something to a file; where that fails says so and goes on.</summary>
    /// <returns>Whether it was done.</returns>
    public async ValueTask<bool> TryAsync(Func<ValueTask> action, Func<string, string> message)
    {
        try
        {
            await action();
            return true;
        }
        catch (FileException failure) when (failure.Code != Errno.EPIPE)
        {
            await FailAsync(message(failure.Message));
            return false;
        }
    }

    /// <summary>What is at a path, or null where nothing is or it cannot be seen.</summary>
    public async ValueTask<FileNode?> FindAsync(string path, bool follow = true)
    {
        try
        {
            return await Files.StatAsync(By, path, follow);
        }
        catch (FileException failure) when (failure.Code is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }
    }

    /// <summary>A number of an option or operand, with busybox's suffixes (b, k, m, kD …) where asked for.</summary>
    public static long Number(string text, bool suffixes = false)
    {
        var number = suffixes ? Suffixed(text) : Plain(text);
        return number ?? throw new UsageException($"invalid number '{text}'", withUsage: false);
    }

    /// <summary>Lines without their ends.</summary>
    public static string Chomp(string line) => line.EndsWith('\n') ? line[..^1] : line;

    public static string Join(string directory, string entry) => directory.EndsWith('/') ? directory + entry : $"{directory}/{entry}";

    /// <summary>The last segment of a path, without slashes behind it.</summary>
    public static string LastSegment(string path)
    {
        var trimmed = path.TrimEnd('/');
        return trimmed.Length == 0 ? path.Length == 0 ? "" : "/" : trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }

    /// <summary>The byte string of ordinary text.</summary>
    public static string Bytes(string text) => ByteText.FromText(text);

    private static long? Plain(string text) =>
        long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long? Suffixed(string text)
    {
        var digits = text.TakeWhile(letter => letter is >= '0' and <= '9' or '-' or '+').Count();
        long? factor = text[digits..] switch
        {
            "" or "c" => 1,
            "w" => 2,
            "b" => 512,
            "kD" or "kB" or "KB" => 1000,
            "k" or "K" or "KiB" => 1024,
            "MD" or "MB" => 1_000_000,
            "m" or "M" or "MiB" => 1 << 20,
            "GD" or "GB" => 1_000_000_000,
            "g" or "G" or "GiB" => 1 << 30,
            "T" => 1L << 40,
            _ => null,
        };
        return Plain(text[..digits]) is { } number && factor is { } times && Math.Abs(number) < long.MaxValue / times ? number * times : null;
    }
}
