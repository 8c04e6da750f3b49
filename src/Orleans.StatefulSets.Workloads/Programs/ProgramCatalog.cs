namespace Orleans.StatefulSets.Workloads.Programs;

/// <summary>The programs that emulated executables run, by name.</summary>
public sealed class ProgramCatalog
{
    private readonly Dictionary<string, IProgram> byName = new(StringComparer.Ordinal);

    /// <param name="programs">The programs; of two with one name the later wins.</param>
    public ProgramCatalog(IEnumerable<IProgram> programs)
    {
        foreach (var program in programs)
        {
            foreach (var name in program.Names)
            {
                byName[name] = program;
            }
        }
    }

    /// <summary>All names, in ordinal order.</summary>
    public IEnumerable<string> Names => byName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The program of a name, or null.</summary>
    public IProgram? Find(string name) => byName.GetValueOrDefault(name);
}
