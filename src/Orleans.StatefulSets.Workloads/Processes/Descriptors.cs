using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>The open files of one process, by number.</summary>
public sealed class Descriptors(int most)
{
    private readonly SortedDictionary<int, IOpenFile> files = [];

    /// <summary>Notes whether the process, or a child of it, changes the container's own layer. Null where nobody wants to know.</summary>
    public LayerNote? Layer { get; init; }

    /// <summary>What a number stands for, or null.</summary>
    public IOpenFile? this[int number] => files.GetValueOrDefault(number);

    /// <summary>The numbers in use, ascending.</summary>
    public IReadOnlyCollection<int> Numbers => files.Keys;

    /// <summary>Gives a file the lowest free number from <paramref name="from"/> on. The caller's share of it passes to the descriptor.</summary>
    /// <exception cref="FileException">EMFILE</exception>
    public int Add(IOpenFile file, int from = 0)
    {
        var number = from;
        while (files.ContainsKey(number))
        {
            number++;
        }

        if (number >= most)
        {
            throw new FileException(Errno.EMFILE);
        }

        files[number] = file;
        return number;
    }

    /// <summary>Makes a number stand for a file, and closes what it stood for (<c>dup2</c>). The caller's share of it passes to the descriptor.</summary>
    public async ValueTask SetAsync(int number, IOpenFile file)
    {
        if (number < 0 || number >= most)
        {
            throw new FileException(Errno.EBADF);
        }

        var before = files.GetValueOrDefault(number);
        files[number] = file;
        if (before is not null)
        {
            await before.CloseAsync();
        }
    }

    /// <summary>Closes a number; nothing where it stands for nothing.</summary>
    public async ValueTask CloseAsync(int number)
    {
        if (files.Remove(number, out var file))
        {
            await file.CloseAsync();
        }
    }

    /// <summary>Closes all.</summary>
    public async ValueTask CloseAllAsync()
    {
        foreach (var number in files.Keys.ToList())
        {
            await CloseAsync(number);
        }
    }

    /// <summary>The same numbers for a child, each file shared.</summary>
    public Descriptors Fork()
    {
        var child = new Descriptors(most) { Layer = Layer };
        foreach (var (number, file) in files)
        {
            file.Share();
            child.files[number] = file;
        }

        return child;
    }
}

/// <summary>Whether a container's own layer was changed by somebody.</summary>
public sealed class LayerNote
{
    /// <summary>It was.</summary>
    public bool IsChanged { get; set; }
}
