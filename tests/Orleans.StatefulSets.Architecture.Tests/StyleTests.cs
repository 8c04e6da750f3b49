using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Architecture.Tests;

/// <summary>What the house's types look like.</summary>
public sealed partial class StyleTests
{
    private static readonly string[] SayNothing = ["Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Common", "Manager", "Managers"];

    [Fact]
    public void A_class_is_sealed_unless_it_is_abstract() => Assert.Empty(
        Rooms.Types.Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false }).Select(type => type.FullName));

    [Fact]
    public void A_record_never_changes()
    {
        const BindingFlags seen = BindingFlags.Public | BindingFlags.Instance;
        var records = Rooms.Types.Where(type => type.GetMethod("<Clone>$") is not null).ToList();
        var settable = records.SelectMany(type => type.GetProperties(seen)).Where(property => property.SetMethod is { IsPublic: true } setter && !IsInit(setter));
        var fields = records.SelectMany(type => type.GetFields(seen)).Where(field => !field.IsInitOnly);

        Assert.NotEmpty(records);
        Assert.Empty(settable.Cast<MemberInfo>().Concat(fields).Select(member => $"{member.DeclaringType}.{member.Name}").Distinct());
    }

    [Fact]
    public void A_type_has_no_public_field_that_can_be_changed() => Assert.Empty(
        Rooms.Types.Where(type => !type.IsEnum)
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(field => field is { IsInitOnly: false, IsLiteral: false })
            .Select(field => $"{field.DeclaringType}.{field.Name}"));

    [Fact]
    public void No_name_of_a_type_or_folder_says_nothing()
    {
        var folders = Repository.Sources.Select(file => file.DirectoryName!).Distinct().SelectMany(path => Path.GetRelativePath(Repository.Root.FullName, path).Split('/', '\\'));
        var names = Rooms.Types.Select(type => type.Name).Concat(folders).Distinct();

        Assert.DoesNotContain(names, name => Words().Matches(name).Any(word => SayNothing.Contains(word.Value)));
    }

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Words();
}
