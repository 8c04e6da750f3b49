using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.StatefulSets.Architecture.Tests;

/// <summary>The projects of <c>src</c>, what each may use of the others, and the types that people wrote in them.</summary>
internal static class Rooms
{
    public const string Prefix = "Orleans.StatefulSets.";

    /// <summary>A room, and the rooms that it may know; what those know it may know too only where it is said.</summary>
    public static IReadOnlyDictionary<string, string[]> Arrows { get; } = new Dictionary<string, string[]>
    {
        ["Resources"] = [],
        ["Reconciliation"] = ["Resources"],
        ["Workloads"] = ["Resources"],
        ["Storage"] = [],
        ["Grains"] = ["Resources", "Reconciliation", "Workloads", "Storage"],
        ["Api"] = ["Grains", "Resources"],
        ["Server"] = ["Resources", "Reconciliation", "Workloads", "Storage", "Grains", "Api"],
        ["Cli"] = ["Resources"],
    };

    /// <summary>For a theory over all rooms.</summary>
    public static TheoryData<string> All => [.. Arrows.Keys];

    public static Assembly Load(string room) => Assembly.Load(Prefix + room);

    public static IReadOnlyList<Type> TypesOf(string room) => [.. Load(room).GetTypes().Where(IsWritten)];

    public static IReadOnlyList<Type> Types { get; } = [.. Arrows.Keys.SelectMany(TypesOf)];

    private static bool IsWritten(Type type) =>
        !type.Name.Contains('<', StringComparison.Ordinal)
        && type.FullName?.StartsWith("OrleansCodeGen", StringComparison.Ordinal) == false
        && !type.IsDefined(typeof(CompilerGeneratedAttribute))
        && !type.IsDefined(typeof(GeneratedCodeAttribute))
        && type.Namespace?.StartsWith(Prefix.TrimEnd('.'), StringComparison.Ordinal) == true
        && (type.DeclaringType is null || IsWritten(type.DeclaringType));
}
