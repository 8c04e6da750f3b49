namespace Orleans.StatefulSets.Architecture.Tests;

/// <summary>Nothing is left for later in the code.</summary>
public sealed class UnfinishedTests
{
    private static readonly string[] Marks = ["NotImplementedException", "TODO", "FIXME", "HACK", "async void", "= default!"];

    [Fact]
    public void No_source_holds_a_mark_of_unfinished_work()
    {
        var marked =
            from file in Repository.Sources
            where file.Name != $"{nameof(UnfinishedTests)}.cs"
            let text = File.ReadAllText(file.FullName)
            from mark in Marks
            where text.Contains(mark, StringComparison.Ordinal)
            select $"{Repository.PathOf(file)}: {mark}";

        Assert.Empty(marked);
    }
}
