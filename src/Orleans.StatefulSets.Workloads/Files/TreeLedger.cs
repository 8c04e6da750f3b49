namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>
/// What a tree in memory and its store may differ in, by its keys: inodes, names, pieces of contents. What becomes of each is read from
/// the tree when it is written, so that many changes of one thing are written once.
/// </summary>
internal sealed class TreeLedger
{
    private readonly Dictionary<long, Dictionary<long, int>> pieces = [];

    /// <summary>How many changes there were; it never goes back.</summary>
    public long Sequence { get; set; }

    /// <summary>Blocks in memory that the noted pieces hold.</summary>
    public long Blocks { get; private set; }

    /// <summary>Whether anything is noted.</summary>
    public bool IsEmpty => Nodes.Count == 0 && Names.Count == 0 && pieces.Count == 0;

    /// <summary>Inodes that changed, came or went.</summary>
    public HashSet<long> Nodes { get; } = [];

    /// <summary>Names that came, went or mean something else.</summary>
    public HashSet<(long Directory, string Name)> Names { get; } = [];

    /// <summary>Pieces that changed, came or went.</summary>
    public IEnumerable<(long Node, long Piece)> Pieces => pieces.SelectMany(of => of.Value.Keys.Select(piece => (of.Key, piece)));

    public void Node(long number)
    {
        Sequence++;
        Nodes.Add(number);
    }

    public void Name(long directory, string name)
    {
        Sequence++;
        Names.Add((directory, name));
    }

    /// <param name="node">The file.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="blocks">Blocks of it that take room now.</param>
    public void Piece(long node, long piece, int blocks)
    {
        Sequence++;
        if (!pieces.TryGetValue(node, out var noted))
        {
            pieces[node] = noted = [];
        }

        Blocks += blocks - noted.GetValueOrDefault(piece);
        noted[piece] = blocks;
    }

    /// <summary>An inode went: its contents are nobody's business any more.</summary>
    public void Gone(long number)
    {
        Node(number);
        if (pieces.Remove(number, out var noted))
        {
            Blocks -= noted.Values.Sum();
        }
    }

    public bool Has(long node, long piece) => pieces.TryGetValue(node, out var noted) && noted.ContainsKey(piece);

    public void Clear()
    {
        Nodes.Clear();
        Names.Clear();
        pieces.Clear();
        Blocks = 0;
    }
}
