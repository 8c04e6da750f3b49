using System.Text;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Permission bits as <c>ls</c> writes them and as <c>chmod</c> reads them.</summary>
internal static class ModeText
{
    private const int Everybody = 0x1FF;

    public static char KindOf(FileKind kind) => kind switch
    {
        FileKind.Directory => 'd',
        FileKind.SymbolicLink => 'l',
        FileKind.CharacterDevice => 'c',
        FileKind.NamedPipe => 'p',
        _ => '-',
    };

    /// <summary>Ten letters, such as <c>drwxr-xr-x</c>.</summary>
    public static string Of(FileNode node)
    {
        var text = new StringBuilder().Append(KindOf(node.Kind));
        for (var bit = 8; bit >= 0; bit--)
        {
            text.Append((node.Mode & (1 << bit)) != 0 ? "xwr"[bit % 3] : '-');
        }

        Special(text, 3, node.Mode & 0x800, 's');
        Special(text, 6, node.Mode & 0x400, 's');
        Special(text, 9, node.Mode & 0x200, 't');
        return text.ToString();
    }

    /// <summary>The mode that a text asks for, octal or symbolic (<c>u+x,go=r</c>); null where it is none.</summary>
    public static int? Parse(string text, int mode, int umask, bool isDirectory)
    {
        if (text.Length > 0 && text.All(letter => letter is >= '0' and <= '7'))
        {
            var octal = text.Length > 5 ? -1 : Convert.ToInt32(text, 8);
            return octal is >= 0 and <= 0xFFF ? octal : null;
        }

        foreach (var clause in text.Split(','))
        {
            if (Apply(clause, mode, umask, isDirectory) is not { } next)
            {
                return null;
            }

            mode = next;
        }

        return mode;
    }

    private static int? Apply(string clause, int mode, int umask, bool isDirectory)
    {
        var at = 0;
        var who = 0;
        for (; at < clause.Length && "ugoa".Contains(clause[at], StringComparison.Ordinal); at++)
        {
            who |= clause[at] switch { 'u' => 0x9C0, 'g' => 0x438, 'o' => 0x207, _ => 0xFFF };
        }

        if (at == clause.Length)
        {
            return null;
        }

        while (at < clause.Length)
        {
            var action = clause[at++];
            if (!"+-=".Contains(action, StringComparison.Ordinal))
            {
                return null;
            }

            var bits = 0;
            for (; at < clause.Length && !"+-=".Contains(clause[at], StringComparison.Ordinal); at++)
            {
                if (BitsOf(clause[at], mode, isDirectory) is not { } more)
                {
                    return null;
                }

                bits |= more;
            }

            var mask = who == 0 ? 0xFFF & ~umask : who;
            bits &= mask;
            mode = action switch { '+' => mode | bits, '-' => mode & ~bits, _ => (mode & ~(who == 0 ? Everybody : who & (isDirectory ? Everybody : 0xFFF))) | bits };
        }

        return mode;
    }

    private static int? BitsOf(char letter, int mode, bool isDirectory) => letter switch
    {
        'r' => 0x124,
        'w' => 0x92,
        'x' => 0x49,
        'X' => isDirectory || (mode & 0x49) != 0 ? 0x49 : 0,
        's' => 0xC00,
        't' => 0x200,
        'u' => ((mode >> 6) & 7) * 0x49,
        'g' => ((mode >> 3) & 7) * 0x49,
        'o' => (mode & 7) * 0x49,
        _ => null,
    };

    private static void Special(StringBuilder text, int at, int set, char letter)
    {
        if (set != 0)
        {
            text[at] = text[at] == 'x' ? letter : char.ToUpperInvariant(letter);
        }
    }
}
