namespace Orleans.StatefulSets.Workloads.Programs;

/// <summary>The programs that emulated executables run, by name.</summary>
public sealed class ProgramCatalog
{
    private readonly Dictionary<string, IProgram> byName = new(StringComparer.Ordinal);
    private readonly ProgramCatalog? below;

    /// <param name="programs">The programs; of two with one name the later wins.</param>
    /// <param name="below">Where a name is looked for that none of them has: an image adds to what it is built on.</param>
    public ProgramCatalog(IEnumerable<IProgram> programs, ProgramCatalog? below = null)
    {
        this.below = below;
        foreach (var program in programs)
        {
            foreach (var name in program.Names)
            {
                byName[name] = program;
            }
        }
    }

    /// <summary>All names, in ordinal order.</summary>
    public IEnumerable<string> Names => byName.Keys.Union(below?.Names ?? []).Order(StringComparer.Ordinal);

    /// <summary>The program of a name, or null.</summary>
    public IProgram? Find(string name) => byName.GetValueOrDefault(name) ?? below?.Find(name);
}
