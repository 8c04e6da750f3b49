namespace Orleans.StatefulSets.Storage.Tests.Files;

/// <summary>Flushes of a small tree, so that they often touch the same rows.</summary>
internal static class RandomFlush
{
    public static TreeFlush Next(Random chance, long sequence)
    {
        // What goes and what comes in one flush are never the same: a tree says of each thing how it is.
        var inodes = Pick(chance, 2, 8);
        var names = Pick(chance, 0, 6);
        var holders = Pick(chance, 0, 4);
        var blocks = Pick(chance, 0, 12).Where(block => !inodes.Gone.Contains(2 + (block.Key / 2))).ToList();
        return new TreeFlush
        {
            Header = Trees.Header(sequence, bytes: chance.Next(1000)),
            Attachments = [.. holders.Kept.Select(holder => new StoredAttachment($"h{holder}@n", sequence, chance.Next(2) == 0, "x"))],
            GoneHolders = [.. holders.Gone.Select(holder => $"h{holder}@n")],
            Inodes = [.. inodes.Kept.Select(number => Trees.File(number, size: chance.Next(1000)))],
            GoneInodes = inodes.Gone,
            Names = [.. names.Kept.Select(name => new StoredName(1 + (name % 2), $"n{name}", 2 + chance.Next(6)))],
            GoneNames = [.. names.Gone.Select(name => (1L + (name % 2), $"n{name}"))],
            Blocks = [.. blocks.Where(block => block.Value).Select(block => Trees.Block(2 + (block.Key / 2), block.Key % 2, chance.Next(100), (byte)chance.Next(256)))],
            GoneBlocks = [.. blocks.Where(block => !block.Value).Select(block => (2 + (block.Key / 2), block.Key % 2))],
        };
    }

    private static Choice Pick(Random chance, int from, int to)
    {
        var choice = new Choice();
        for (long number = from; number < to; number++)
        {
            switch (chance.Next(4))
            {
                case 0:
                    choice.Gone.Add(number);
                    break;
                case 1:
                    choice.Kept.Add(number);
                    break;
            }
        }

        return choice;
    }

    private sealed class Choice
    {
        public List<long> Kept { get; } = [];

        public List<long> Gone { get; } = [];

        public IEnumerable<KeyValuePair<long, bool>> Where(Func<KeyValuePair<long, bool>, bool> wanted) =>
            Kept.Select(key => KeyValuePair.Create(key, true)).Concat(Gone.Select(key => KeyValuePair.Create(key, false))).Where(wanted);
    }
}
