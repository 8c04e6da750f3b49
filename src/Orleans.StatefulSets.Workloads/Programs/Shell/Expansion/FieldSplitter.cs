using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;

/// <summary>Splits an expanded word into fields (POSIX.1-2017 XCU 2.6.5).</summary>
internal static class FieldSplitter
{
    private enum Before
    {
        /// <summary>Nothing, or a field's beginning.</summary>
        Nothing,

        /// <summary>Blanks ended a field; another separator would belong to them.</summary>
        Blanks,

        /// <summary>A separator that is no blank.</summary>
        Separator,
    }

    /// <summary>The fields, still marked.</summary>
    /// <param name="marked">The word.</param>
    /// <param name="separators">The value of IFS.</param>
    public static List<string> Split(StringBuilder marked, string separators)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isPresent = false;
        var before = Before.Nothing;

        void End()
        {
            fields.Add(field.ToString());
            field.Clear();
            isPresent = false;
        }

        foreach (var chunk in marked.GetChunks())
        {
            foreach (var c in chunk.Span)
            {
                if (c == Marks.Break)
                {
                    if (isPresent)
                    {
                        End();
                    }

                    before = Before.Nothing;
                }
                else if ((c & Marks.Splittable) == 0 || !separators.Contains((char)(c & 0xFF)))
                {
                    if (c != Marks.Presence)
                    {
                        field.Append(c);
                    }

                    isPresent = true;
                    before = Before.Nothing;
                }
                else if ((c & 0xFF) is ' ' or '\t' or '\n')
                {
                    if (isPresent)
                    {
                        End();
                        before = Before.Blanks;
                    }
                }
                else
                {
                    if (isPresent || before != Before.Blanks)
                    {
                        End();
                    }

                    before = Before.Separator;
                }
            }
        }

        if (isPresent)
        {
            End();
        }

        return fields;
    }
}
