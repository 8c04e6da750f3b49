using System.Text;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>Makes lines of keys, as Linux's terminals do in canonical mode.</summary>
internal sealed class LineDiscipline
{
    private const byte EndOfFile = 4;
    private const byte Backspace = 8;
    private const byte EraseLine = 21;
    private const byte EraseWord = 23;
    private const byte Delete = 127;
    private readonly List<byte> line = [];

    /// <summary>Bytes of the line that is not whole yet.</summary>
    public int Length => line.Count;

    /// <summary>Forgets them.</summary>
    public void Clear() => line.Clear();

    /// <summary>Takes a key.</summary>
    /// <returns>What is shown for it, and the line where it made one whole; an empty one is the end of input.</returns>
    public (string Echo, byte[]? Whole) Type(byte key)
    {
        switch (key)
        {
            case (byte)'\n':
                line.Add(key);
                return ("\n", Take());
            case EndOfFile:
                return ("", Take());
            case Delete or Backspace:
                return (Erase(), null);
            case EraseLine:
                var all = new StringBuilder();
                while (line.Count > 0)
                {
                    all.Append(Erase());
                }

                return (all.ToString(), null);
            case EraseWord:
                return (EraseLastWord(), null);
            default:
                line.Add(key);
                return (Shown(key), null);
        }
    }

    /// <summary>How a key is shown: control characters as ^X.</summary>
    public static string Shown(byte key) => key switch
    {
        (byte)'\n' or (byte)'\t' => ((char)key).ToString(),
        < 32 => "^" + (char)(key + 64),
        Delete => "^?",
        _ => ((char)key).ToString(),
    };

    private byte[] Take()
    {
        var whole = line.ToArray();
        line.Clear();
        return whole;
    }

    private string Erase()
    {
        if (line.Count == 0)
        {
            return "";
        }

        // A character of several bytes goes as a whole.
        byte last;
        do
        {
            last = line[^1];
            line.RemoveAt(line.Count - 1);
        }
        while ((last & 0xC0) == 0x80 && line.Count > 0);
        return string.Concat(Enumerable.Repeat("\b \b", last < 128 ? Shown(last).Length : 1));
    }

    private string EraseLastWord()
    {
        var shown = new StringBuilder();
        while (line.Count > 0 && line[^1] == ' ')
        {
            shown.Append(Erase());
        }

        while (line.Count > 0 && line[^1] != ' ')
        {
            shown.Append(Erase());
        }

        return shown.ToString();
    }
}
