namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>The files of a busybox-like image: its programs, accounts and devices.</summary>
public static class BaseImage
{
    internal const string Accounts = """
        root:x:0:0:root:/root:/bin/sh
        daemon:x:1:1:daemon:/usr/sbin:/bin/false
        bin:x:2:2:bin:/bin:/bin/false
        sys:x:3:3:sys:/dev:/bin/false
        sync:x:4:100:sync:/bin:/bin/sync
        mail:x:8:8:mail:/var/spool/mail:/bin/false
        www-data:x:33:33:www-data:/var/www:/bin/false
        operator:x:37:37:Operator:/var:/bin/false
        nobody:x:65534:65534:nobody:/home:/bin/false

        """;

    internal const string Groups = """
        root:x:0:
        daemon:x:1:
        bin:x:2:
        sys:x:3:
        adm:x:4:
        tty:x:5:
        disk:x:6:
        lp:x:7:
        mail:x:8:
        kmem:x:9:
        wheel:x:10:root
        cdrom:x:11:
        dialout:x:18:
        floppy:x:19:
        video:x:28:
        audio:x:29:
        tape:x:32:
        www-data:x:33:
        operator:x:37:
        utmp:x:43:
        plugdev:x:46:
        staff:x:50:
        lock:x:54:
        netdev:x:82:
        users:x:100:
        nobody:x:65534:

        """;

    private const string Release = """
        NAME="BusyBox"
        ID=busybox
        VERSION_ID="1.35.0"
        PRETTY_NAME="BusyBox 1.35.0 (emulated)"

        """;

    /// <summary>Programs that stand in /usr/bin; all others stand in /bin.</summary>
    private static readonly HashSet<string> InUsrBin = new(StringComparer.Ordinal) { "env", "curl", "dig", "host" };

    /// <summary>An image with these programs in /bin, which is also /usr/bin's for most.</summary>
    /// <param name="programs">The names, such as those of a <see cref="Programs.ProgramCatalog"/>.</param>
    public static ImageTree Of(IEnumerable<string> programs) => Builder(programs).Build();

    /// <summary>The same, to build further on.</summary>
    public static ImageBuilder Builder(IEnumerable<string> programs)
    {
        var image = new ImageBuilder();
        foreach (var program in programs)
        {
            image.Program(InUsrBin.Contains(program) ? $"/usr/bin/{program}" : $"/bin/{program}", program);
        }

        foreach (var folder in new[] { "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/lib", "/lib", "/var/log", "/var/run", "/var/spool", "/var/www", "/opt", "/mnt", "/srv", "/proc", "/sys" })
        {
            image.Directory(folder);
        }

        image.Directory("/root", 0x1C0).Directory("/home", 0x1ED, 65534, 65534).Directory("/tmp", 0x3FF).Directory("/var/tmp", 0x3FF);
        image.File("/etc/passwd", Accounts).File("/etc/group", Groups).File("/etc/os-release", Release);
        image.File("/etc/hosts", "127.0.0.1\tlocalhost\n").File("/etc/hostname", "localhost\n").File("/etc/resolv.conf", "");
        foreach (var device in new[] { "null", "zero", "full", "random", "urandom", "tty", "stdin", "stdout", "stderr" })
        {
            image.Device($"/dev/{device}", device);
        }

        return image.Directory("/dev/shm", 0x3FF);
    }
}
