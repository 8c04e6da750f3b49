using System.Globalization;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>Timestamps as Go's <c>time.Parse</c> takes them, and its complaints.</summary>
internal static class GoTime
{
    private const string Layout = "2006-01-02T15:04:05Z07:00";

    // The pieces of the layout: how Go names each, and how many digits it wants (0: the literal itself).
    private static readonly (string Piece, int Digits)[] Pieces =
    [
        ("2006", 4), ("-", 0), ("01", 2), ("-", 0), ("02", 2), ("T", 0), ("15", 2), (":", 0), ("04", 2), (":", 0), ("05", 2),
    ];

    /// <summary>What is wrong with an RFC 3339 time, or null.</summary>
    public static string? Complaint(string text)
    {
        var at = 0;
        foreach (var (piece, digits) in Pieces)
        {
            var length = digits == 0 ? piece.Length : digits;
            var fits = text.Length >= at + length
                && (digits == 0 ? text.AsSpan(at, length).SequenceEqual(piece) : text.AsSpan(at, length).IndexOfAnyExceptInRange('0', '9') < 0);
            if (!fits)
            {
                return CannotParse(text, text[at..], piece);
            }

            at += length;
        }

        var zone = at;
        if (zone < text.Length && text[zone] is '.' or ',')
        {
            for (zone++; zone < text.Length && char.IsAsciiDigit(text[zone]); zone++)
            {
            }
        }

        return OutOfRange(text) is { } what ? $"parsing time {GoText.Quote(text)}: {what} out of range" : ZoneComplaint(text, zone);
    }

    private static string? ZoneComplaint(string text, int at)
    {
        var rest = text[at..];
        if (rest.StartsWith('Z'))
        {
            return rest.Length == 1 ? null : $"parsing time {GoText.Quote(text)}: extra text: {GoText.Quote(rest[1..])}";
        }

        var isOffset = rest.Length >= 6 && rest[0] is '+' or '-' && rest[3] == ':'
            && char.IsAsciiDigit(rest[1]) && char.IsAsciiDigit(rest[2]) && char.IsAsciiDigit(rest[4]) && char.IsAsciiDigit(rest[5]);
        if (!isOffset)
        {
            return CannotParse(text, rest, "Z07:00");
        }

        return rest.Length == 6 ? null : $"parsing time {GoText.Quote(text)}: extra text: {GoText.Quote(rest[6..])}";
    }

    private static string? OutOfRange(string text)
    {
        int Part(int at, int length) => int.Parse(text.AsSpan(at, length), CultureInfo.InvariantCulture);

        var (year, month, day) = (Part(0, 4), Part(5, 2), Part(8, 2));
        if (month is < 1 or > 12)
        {
            return "month";
        }

        if (Part(11, 2) > 23)
        {
            return "hour";
        }

        if (Part(14, 2) > 59)
        {
            return "minute";
        }

        if (Part(17, 2) > 59)
        {
            return "second";
        }

        return day < 1 || day > DateTime.DaysInMonth(Math.Max(year, 1), month) ? "day" : null;
    }

    private static string CannotParse(string text, string rest, string piece) =>
        $"parsing time {GoText.Quote(text)} as \"{Layout}\": cannot parse {GoText.Quote(rest)} as \"{piece}\"";
}
