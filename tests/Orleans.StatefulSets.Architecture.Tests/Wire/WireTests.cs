using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.StatefulSets.Architecture.Tests.Wire;

/// <summary>
/// The silos of a cluster are brought to a new version one after another, and meanwhile both versions talk to each other. What they agree on
/// stands in <c>Wire.txt</c>. It may grow: run with UPDATE_GOLDEN=1 to have what is new written down. No line may change or go, for a silo of
/// the version before would not understand this one; what is not needed any more stays, and a number is never given again. A new method is not
/// to be called on a silo that may not have it yet.
/// </summary>
public sealed class WireTests
{
    [Fact]
    public void What_silos_of_the_version_before_say_is_still_understood() => Assert.Empty(Written().Except(WireContract.Lines()));

    [Fact]
    public void All_that_silos_say_to_each_other_is_written_down()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllLines(Golden(), Written().Union(WireContract.Lines()).Order(StringComparer.Ordinal));
        }

        Assert.Empty(WireContract.Lines().Except(Written()));
    }

    // A method without a name of its own is known by a hash of its signature, and by another one with its next parameter.
    [Fact]
    public void A_grains_method_has_a_name_of_its_own()
    {
        Assert.NotEmpty(WireContract.Methods);
        Assert.Empty(WireContract.Methods.Where(method => WireContract.AliasOf(method) is null).Select(method => $"{method.DeclaringType}.{method.Name}"));
        Assert.Empty(WireContract.Methods.GroupBy(method => (method.DeclaringType, WireContract.AliasOf(method))).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    // Without a number a member is not sent, or (a record's parameter) by its place among the others.
    [Fact]
    public void What_is_sent_has_a_number_of_its_own()
    {
        Assert.NotEmpty(WireContract.Serialized);
        Assert.Empty(WireContract.Serialized.SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(property => property.CanWrite && !property.IsDefined(typeof(IdAttribute)) && !IsKeptBack(property)).Select(property => $"{property.DeclaringType}.{property.Name}"));
        Assert.DoesNotContain(WireContract.Serialized, type => WireContract.Numbered(type).GroupBy(member => member.Id).Any(group => group.Count() > 1));
    }

    private static bool IsKeptBack(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance)?.IsDefined(typeof(NonSerializedAttribute)) == true;

    private static string[] Written() => File.ReadAllLines(Golden());

    private static string Golden([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Wire.txt");
}
