using System.Runtime.InteropServices;
using System.Text;

namespace Orleans.StatefulSets.Workloads.Tests.Files;

/// <summary>Linux itself in a temporary folder, as the oracle of what calls do. Every call gives 0 or an errno.</summary>
internal sealed partial class HostFileSystem : IDisposable
{
    private const int WriteCreate = 0x41; // O_WRONLY | O_CREAT
    private const int Append = 0x400;
    private const int Truncate = 0x200;
    private readonly string folder = Directory.CreateTempSubdirectory("files-oracle-").FullName;

    public int MakeDirectory(string path) => Result(mkdir(Host(path), 0x1ED));

    public int RemoveDirectory(string path) => Result(rmdir(Host(path)));

    public int RemoveFile(string path) => Result(unlink(Host(path)));

    public int Rename(string from, string to) => Result(rename(Host(from), Host(to)));

    public int Link(string from, string to) => Result(link(Host(from), Host(to)));

    public int SymbolicLink(string target, string path) => Result(symlink(target, Host(path)));

    public int Resize(string path, long size) => Result(truncate(Host(path), size));

    public int Write(string path, string text, bool append)
    {
        var file = open(Host(path), WriteCreate | (append ? Append : Truncate), 0x1A4);
        if (file < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        var bytes = Encoding.Latin1.GetBytes(text);
        Assert.Equal(bytes.Length, write(file, bytes, bytes.Length));
        return Result(close(file));
    }

    /// <summary>Every path with what stands there: kind, bytes, links.</summary>
    public IEnumerable<string> Describe(string path = "")
    {
        foreach (var entry in new DirectoryInfo(folder + path).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var name = $"{path}/{entry.Name}";
            if (entry.LinkTarget is { } target)
            {
                yield return $"{name} -> {target}";
            }
            else if (entry is FileInfo)
            {
                yield return $"{name} = {Encoding.Latin1.GetString(File.ReadAllBytes(folder + name))}";
            }
            else
            {
                yield return $"{name}/";
                foreach (var below in Describe(name))
                {
                    yield return below;
                }
            }
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static int Result(int value) => value < 0 ? Marshal.GetLastPInvokeError() : 0;

    private string Host(string path) => folder + path;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rmdir(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlink(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int symlink(string target, string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int truncate(string path, long size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int file, byte[] bytes, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int file);
}
