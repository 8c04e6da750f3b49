using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>What may be stored as a name: the walk of paths allows no other, and no database would keep it as it is.</summary>
internal static class FileNames
{
    private const int LongestName = 255;
    private const int LongestTarget = 4095;

    /// <exception cref="FileException">EINVAL or ENAMETOOLONG.</exception>
    public static void RequireName(string name)
    {
        if (name is "" or "." or ".." || name.Contains('/', StringComparison.Ordinal) || !IsByteString(name))
        {
            throw new FileException(Errno.EINVAL);
        }

        RequireLength(name, LongestName);
    }

    /// <exception cref="FileException">EINVAL or ENAMETOOLONG.</exception>
    public static void RequireTarget(string? target)
    {
        if (target is not null)
        {
            RequireLength(target, LongestTarget);
            _ = IsByteString(target) ? target : throw new FileException(Errno.EINVAL);
        }
    }

    private static void RequireLength(string text, int longest)
    {
        if (text.Length > longest)
        {
            throw new FileException(Errno.ENAMETOOLONG);
        }
    }

    // A char a byte, and no NUL.
    private static bool IsByteString(string text) => text.All(letter => letter is > '\0' and <= '\u00ff');
}
