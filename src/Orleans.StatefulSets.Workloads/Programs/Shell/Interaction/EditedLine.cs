namespace Orleans.StatefulSets.Workloads.Programs.Shell.Interaction;

/// <summary>A line that is being typed: its text, the cursor, and what a terminal must be sent to show each change.</summary>
internal sealed class EditedLine
{
    private const string ClearToEnd = "\u001b[J";
    private string cut = "";

    /// <summary>The text.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Before which character the cursor stands.</summary>
    public int Cursor { get; private set; }

    /// <summary>Takes a key: a character, or one of ^A ^B ^D ^E ^F ^H ^K ^U ^W ^Y.</summary>
    /// <returns>What to send to the terminal.</returns>
    public string Type(char key) => (int)key switch
    {
        1 => MoveTo(0),
        2 => Cursor > 0 ? MoveTo(Cursor - 1) : "\a",
        4 => Cursor < Text.Length ? Remove(Cursor, Cursor + 1) : "\a",
        5 => MoveTo(Text.Length),
        6 => Cursor < Text.Length ? MoveTo(Cursor + 1) : "\a",
        8 or 127 => Cursor > 0 ? Remove(Cursor - 1, Cursor) : "\a",
        11 => Cut(Cursor, Text.Length),
        21 => Cut(0, Cursor),
        23 => Cut(WordStart(), Cursor),
        25 => Insert(cut),
        < 32 => "",
        _ => Insert(key.ToString()),
    };

    /// <summary>Makes it another line, the cursor at its end.</summary>
    public string Replace(string text)
    {
        var shown = MoveTo(0) + ClearToEnd + text;
        Text = text;
        Cursor = text.Length;
        return shown;
    }

    /// <summary>Brings a terminal's cursor back to its place from the end of the text.</summary>
    public string BackFromEnd() => Back(Text.Length - Cursor);

    private string Insert(string text)
    {
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
        return text + Text[Cursor..] + BackFromEnd();
    }

    private string Remove(int from, int to)
    {
        var shown = MoveTo(from);
        Text = Text.Remove(from, to - from);
        return shown + ClearToEnd + Text[from..] + BackFromEnd();
    }

    private string Cut(int from, int to)
    {
        cut = Text[from..to];
        return Remove(from, to);
    }

    private string MoveTo(int cursor)
    {
        var shown = cursor < Cursor ? Back(Cursor - cursor) : Text[Cursor..cursor];
        Cursor = cursor;
        return shown;
    }

    private int WordStart()
    {
        var start = Cursor;
        while (start > 0 && Text[start - 1] == ' ')
        {
            start--;
        }

        while (start > 0 && Text[start - 1] != ' ')
        {
            start--;
        }

        return start;
    }

    private static string Back(int columns) => columns == 0 ? "" : columns < 4 ? new string('\b', columns) : $"\u001b[{columns}D";
}
