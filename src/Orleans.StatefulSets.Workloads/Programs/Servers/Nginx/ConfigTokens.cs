using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Cuts a configuration file into words and the marks <c>; { }</c>, as <c>ngx_conf_read_token</c> does.</summary>
internal sealed class ConfigTokens(string text, string file)
{
    private int at;
    private int line = 1;

    /// <summary>The last line that was looked at.</summary>
    public string Place => $"{file}:{line}";

    /// <summary>The words up to the next mark, and the mark; <c>\0</c> at the end.</summary>
    public (List<string> Words, char Mark) Next()
    {
        var words = new List<string>();
        while (true)
        {
            SkipSpace();
            if (at == text.Length)
            {
                return words.Count == 0 ? (words, '\0') : throw new NginxConfigException($"unexpected end of file, expecting \";\" or \"}}\" in {Place}");
            }

            var letter = text[at];
            if (letter is ';' or '{' or '}')
            {
                at++;
                var misplaced = letter == '}' ? words.Count > 0 : words.Count == 0;
                return misplaced ? throw new NginxConfigException($"unexpected \"{letter}\" in {Place}") : (words, letter);
            }

            words.Add(letter is '"' or '\'' ? Quoted(letter) : Plain());
        }
    }

    private void SkipSpace()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\r' or '\n' or '#')
        {
            if (text[at] == '#')
            {
                at = text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;
                continue;
            }

            line += text[at++] == '\n' ? 1 : 0;
        }
    }

    private string Plain()
    {
        var word = new StringBuilder();
        while (at < text.Length && text[at] is not (' ' or '\t' or '\r' or '\n' or ';') && (text[at] != '{' || word is [.., '$']))
        {
            Take(word);
        }

        return word.ToString();
    }

    private string Quoted(char quote)
    {
        var word = new StringBuilder();
        for (at++; at < text.Length && text[at] != quote;)
        {
            line += text[at] == '\n' ? 1 : 0;
            Take(word);
        }

        if (at == text.Length)
        {
            throw new NginxConfigException($"unexpected end of file, expecting \";\" or \"}}\" in {Place}");
        }

        at++;
        return at == text.Length || text[at] is ' ' or '\t' or '\r' or '\n' or ';' or '{' or ')' ? word.ToString() : throw new NginxConfigException($"unexpected \"{text[at]}\" in {Place}");
    }

    /// <summary>A backslash stays before what it does not make special.</summary>
    private void Take(StringBuilder word)
    {
        if (text[at] == '\\' && at + 1 < text.Length)
        {
            var next = text[at + 1];
            at += 2;
            _ = next switch
            {
                '"' or '\'' or '\\' => word.Append(next),
                't' => word.Append('\t'),
                'r' => word.Append('\r'),
                'n' => word.Append('\n'),
                _ => word.Append('\\').Append(next),
            };
            return;
        }

        word.Append(text[at++]);
    }
}
