using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Orleans.StatefulSets.Architecture.Tests;

/// <summary>The rooms know each other in one direction only.</summary>
public sealed class DirectionTests
{
    [Fact]
    public void Every_project_in_src_is_a_room_with_its_arrows() => Assert.Equal(
        Rooms.Arrows.Keys.Order(StringComparer.Ordinal),
        Repository.Root.GetDirectories("src").Single().GetDirectories(Rooms.Prefix + "*")
            .Where(folder => folder.GetFiles("*.csproj").Length > 0).Select(folder => folder.Name[Rooms.Prefix.Length..]).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Rooms.All), MemberType = typeof(Rooms))]
    public void A_project_refers_only_to_rooms_it_may_know(string room)
    {
        var project = XDocument.Load(Path.Combine(Repository.Root.FullName, "src", Rooms.Prefix + room, $"{Rooms.Prefix}{room}.csproj"));

        // A program that is only built with the project, to be run as a process, is not known to it.
        var references = project.Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)[Rooms.Prefix.Length..]);

        Assert.Empty(references.Except(Rooms.Arrows[room]));
    }

    [Theory]
    [MemberData(nameof(Rooms.All), MemberType = typeof(Rooms))]
    public void An_assembly_uses_only_rooms_it_may_know(string room)
    {
        var used = Rooms.Load(room).GetReferencedAssemblies()
            .Where(assembly => assembly.Name!.StartsWith(Rooms.Prefix, StringComparison.Ordinal)).Select(assembly => assembly.Name![Rooms.Prefix.Length..]);

        Assert.Empty(used.Except(Rooms.Arrows[room]));
    }

    [Theory]
    [InlineData("Resources")]
    [InlineData("Reconciliation")]
    public void A_pure_room_uses_neither_Orleans_nor_the_web_nor_a_database(string room)
    {
        string[] impure = ["Orleans.", "Microsoft.Orleans.", "Microsoft.AspNetCore.", "Microsoft.Data.", "System.Data.", "Microsoft.Extensions.Hosting"];
        var used = Rooms.Load(room).GetReferencedAssemblies().Select(assembly => assembly.Name!)
            .Where(name => !name.StartsWith(Rooms.Prefix, StringComparison.Ordinal));

        Assert.DoesNotContain(used, name => impure.Any(start => name.StartsWith(start, StringComparison.Ordinal)));
    }

    [Fact]
    public void Storage_knows_neither_Orleans_nor_the_web() => Assert.DoesNotContain(
        Rooms.Load("Storage").GetReferencedAssemblies().Select(assembly => assembly.Name!),
        name => name.StartsWith("Orleans.", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal));

    [Theory]
    [InlineData("Reconciliation")]
    public void Decisions_hold_no_await_and_no_task(string room)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var waiting = Rooms.TypesOf(room)
            .SelectMany(type => type.GetMethods(all))
            .Where(method => method.IsDefined(typeof(AsyncStateMachineAttribute)) || method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType).Any(IsTask))
            .Select(method => $"{method.DeclaringType}.{method.Name}");

        Assert.Empty(waiting);
    }

    private static bool IsTask(Type type) => typeof(Task).IsAssignableFrom(type)
        || type == typeof(ValueTask) || type == typeof(CancellationToken)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
}
