using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>A variable; without a value it is only declared.</summary>
internal sealed record Variable(string? Value, bool IsExported = false, bool IsReadOnly = false);

/// <summary>A shell's variables, and those that functions hide while they run.</summary>
/// <param name="mostBytes">Bytes of all names and values together.</param>
internal sealed class Variables(long mostBytes)
{
    private readonly Dictionary<string, Variable> byName = new(StringComparer.Ordinal);
    private readonly Stack<Dictionary<string, Variable?>> hidden = [];

    /// <summary>Values that are made when they are asked for (RANDOM, LINENO).</summary>
    public Dictionary<string, Func<string>> Computed { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Bytes of all names and values.</summary>
    public long Bytes { get; private set; }

    /// <summary>Unset ones are an error (<c>set -u</c>).</summary>
    public bool DemandsAll { get; set; }

    /// <summary>New ones are exported (<c>set -a</c>).</summary>
    public bool ExportsAll { get; set; }

    /// <summary>Whether a function runs that may have variables of its own.</summary>
    public bool IsInFunction => hidden.Count > 0;

    /// <summary>All, in ordinal order.</summary>
    public IEnumerable<KeyValuePair<string, Variable>> All => byName.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The value; null where it is unset.</summary>
    public string? Get(string name) =>
        byName.TryGetValue(name, out var variable) && Computed.TryGetValue(name, out var compute) ? compute() : variable?.Value;

    /// <summary>The variable, or null.</summary>
    public Variable? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Gives it a value.</summary>
    /// <exception cref="ShellError">It is read only.</exception>
    /// <exception cref="FileException">ENOMEM: all values together would be too large.</exception>
    public void Set(string name, string? value, bool? isExported = null)
    {
        var before = byName.GetValueOrDefault(name);
        if (before is { IsReadOnly: true })
        {
            throw new ShellError($"{name}: is read only");
        }

        Put(name, new Variable(value, isExported ?? before?.IsExported ?? ExportsAll));
    }

    /// <summary>Marks it exported, or no longer.</summary>
    public void Export(string name, bool isExported = true) => Put(name, (Find(name) ?? new Variable(null)) with { IsExported = isExported });

    /// <summary>Marks it read only.</summary>
    public void Protect(string name) => Put(name, (Find(name) ?? new Variable(null)) with { IsReadOnly = true });

    /// <summary>Removes it.</summary>
    public void Unset(string name)
    {
        if (Find(name) is { IsReadOnly: true })
        {
            throw new ShellError($"{name}: is read only");
        }

        Put(name, null);
    }

    /// <summary>A function begins.</summary>
    public void Enter() => hidden.Push(new Dictionary<string, Variable?>(StringComparer.Ordinal));

    /// <summary>It ends: what it hid is seen again.</summary>
    public void Leave()
    {
        foreach (var (name, variable) in hidden.Pop())
        {
            Put(name, variable);
        }
    }

    /// <summary>Hides a variable until the function ends; its value stays what it was until it is set.</summary>
    public void Hide(string name) => hidden.Peek().TryAdd(name, Find(name));

    /// <summary>Puts a variable back as it was.</summary>
    public void Restore(string name, Variable? before) => Put(name, before);

    /// <summary>The exported ones that have a value.</summary>
    public IEnumerable<KeyValuePair<string, string>> Exported() =>
        from pair in byName where pair.Value is { IsExported: true, Value: not null } select KeyValuePair.Create(pair.Key, pair.Value.Value!);

    /// <summary>A copy for a child.</summary>
    public Variables Fork()
    {
        var child = new Variables(mostBytes) { DemandsAll = DemandsAll, ExportsAll = ExportsAll, Bytes = Bytes };
        child.byName.EnsureCapacity(byName.Count);
        foreach (var (name, variable) in byName)
        {
            child.byName.Add(name, variable);
        }

        foreach (var _ in hidden)
        {
            child.Enter();
        }

        return child;
    }

    /// <summary>Whether a text is a name; names come from words, which may be anything.</summary>
    public static void Check(string name)
    {
        if (!Names.IsName(name))
        {
            throw new ShellError($"{name}: bad variable name");
        }
    }

    private void Put(string name, Variable? variable)
    {
        var growth = Size(name, variable) - Size(name, Find(name));
        if (growth > 0 && Bytes + growth > mostBytes)
        {
            throw new FileException(Errno.ENOMEM);
        }

        Bytes += growth;
        if (variable is null)
        {
            byName.Remove(name);
        }
        else
        {
            byName[name] = variable;
        }
    }

    private static long Size(string name, Variable? variable) => variable is null ? 0 : 32 + name.Length + (variable.Value?.Length ?? 0);
}
