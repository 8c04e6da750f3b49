using System.Text;

namespace Orleans.StatefulSets.Acceptance.Tests.Kubectl;

/// <summary>Splits a command as a shell does, so that a test can hold it as the tutorial prints it: words, and '…' and "…" without escapes.</summary>
internal static class CommandWords
{
    public static IReadOnlyList<string> Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, inWord) = ('\0', false);
        foreach (var character in command)
        {
            if (quote != '\0')
            {
                quote = character == quote ? '\0' : Keep(quote, character);
            }
            else if (character is '\'' or '"')
            {
                (quote, inWord) = (character, true);
            }
            else if (character == ' ')
            {
                Finish();
            }
            else
            {
                word.Append(character);
                inWord = true;
            }
        }

        Finish();
        return words;

        char Keep(char current, char character)
        {
            word.Append(character);
            return current;
        }

        void Finish()
        {
            if (inWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            inWord = false;
        }
    }
}
