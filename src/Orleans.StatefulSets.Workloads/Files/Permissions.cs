using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>Who may do what with an inode, by owner, group and others (<c>path_resolution(7)</c>, <c>inode(7)</c>).</summary>
internal static class Permissions
{
    public const int SetUid = 0x800;
    public const int SetGid = 0x400;
    public const int Sticky = 0x200;
    private const int AnyExecute = 0x49; // 0111

    public static bool Allow(FileNode node, Credentials who, AccessMode wanted)
    {
        if (who.IsRoot)
        {
            return (wanted & AccessMode.Execute) == 0 || node.IsDirectory || (node.Mode & AnyExecute) != 0;
        }

        var shift = node.Uid == who.Uid ? 6 : IsMember(who, node.Gid) ? 3 : 0;
        return ((node.Mode >> shift) & (int)wanted) == (int)wanted;
    }

    public static void Require(FileNode node, Credentials who, AccessMode wanted)
    {
        if (!Allow(node, who, wanted))
        {
            throw new FileException(Errno.EACCES);
        }
    }

    public static bool IsMember(Credentials who, int group) => who.Gid == group || who.Groups.Contains(group);

    public static bool Owns(FileNode node, Credentials who) => who.IsRoot || node.Uid == who.Uid;

    /// <summary>Whether a name may be taken off: in a sticky directory only by the owner of the file or of the directory.</summary>
    public static bool MayTakeOff(FileNode directory, FileNode node, Credentials who) =>
        (directory.Mode & Sticky) == 0 || Owns(node, who) || Owns(directory, who);

    /// <summary>What a change becomes that <paramref name="who"/> asks for, or EPERM.</summary>
    public static AttributeChange Checked(FileNode node, Credentials who, AttributeChange change)
    {
        if (change.Mode is { } mode)
        {
            RequireOwner(node, who);
            if (!who.IsRoot && !IsMember(who, node.Gid) && !node.IsDirectory)
            {
                change = change with { Mode = mode & ~SetGid };
            }
        }

        var owner = change.Uid is { } uid && uid != node.Uid;
        var group = change.Gid is { } gid && !(node.Uid == who.Uid && (gid == node.Gid || IsMember(who, gid)));
        if (!who.IsRoot && (owner || group || (change.Uid is not null && node.Uid != who.Uid)))
        {
            throw new FileException(Errno.EPERM);
        }

        if ((change.Uid ?? change.Gid) is not null && change.Mode is null && node.Kind == FileKind.Regular && (node.Mode & (SetUid | SetGid)) != 0)
        {
            change = change with { Mode = node.Mode & ~(SetUid | SetGid) };
        }

        if ((change.Accessed ?? change.Modified) is not null && !Owns(node, who) && !Allow(node, who, AccessMode.Write))
        {
            throw new FileException(Errno.EACCES);
        }

        if (change.Size is not null)
        {
            Require(node, who, AccessMode.Write);
        }

        return change;
    }

    private static void RequireOwner(FileNode node, Credentials who)
    {
        if (!Owns(node, who))
        {
            throw new FileException(Errno.EPERM);
        }
    }
}
