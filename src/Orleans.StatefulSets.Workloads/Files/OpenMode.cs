namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>How a file is opened (<c>open(2)</c>'s flags).</summary>
[Flags]
public enum OpenMode
{
    /// <summary>For nothing: only its attributes.</summary>
    None = 0,

    /// <summary>To read.</summary>
    Read = 1,

    /// <summary>To write.</summary>
    Write = 2,

    /// <summary>Made where it is missing.</summary>
    Create = 4,

    /// <summary>Emptied.</summary>
    Truncate = 8,

    /// <summary>Every write goes to the end.</summary>
    Append = 16,

    /// <summary>With <see cref="Create"/>: EEXIST where it is there.</summary>
    Exclusive = 32,

    /// <summary>ENOTDIR where it is none.</summary>
    Directory = 64,

    /// <summary>ELOOP where the last name is a symbolic link.</summary>
    NoFollow = 128,
}

/// <summary>What may be done with a file (<c>access(2)</c>'s mode).</summary>
[Flags]
public enum AccessMode
{
    /// <summary>Only whether it is there.</summary>
    Exists = 0,

    /// <summary>Run it, or walk through the directory.</summary>
    Execute = 1,

    /// <summary>Write it.</summary>
    Write = 2,

    /// <summary>Read it.</summary>
    Read = 4,
}
