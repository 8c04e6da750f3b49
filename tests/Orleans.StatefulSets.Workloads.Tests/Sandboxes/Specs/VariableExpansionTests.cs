using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes.Specs;

/// <summary><c>third_party/forked/golang/expansion/expand_test.go</c></summary>
public sealed class VariableExpansionTests
{
    private static readonly Dictionary<string, string> Variables = new() { ["VAR_A"] = "A", ["VAR_B"] = "B", ["VAR_C"] = "C", ["VAR_REF"] = "$(VAR_A)", ["VAR_EMPTY"] = "" };

    [Theory]
    [InlineData("$(VAR_A)", "A")]
    [InlineData("___$(VAR_B)___", "___B___")]
    [InlineData("___$(VAR_C)", "___C")]
    [InlineData("$(VAR_A)-$(VAR_A)", "A-A")]
    [InlineData("$(VAR_REF)", "$(VAR_A)")]
    [InlineData("%%$(VAR_REF)--$(VAR_REF)%%", "%%$(VAR_A)--$(VAR_A)%%")]
    [InlineData("foo$(VAR_EMPTY)bar", "foobar")]
    [InlineData("foo\\$(VAR_A)bar", "foo\\Abar")]
    [InlineData("$$$$$$(BAZ_BAZ)", "$$$(BAZ_BAZ)")]
    [InlineData("$$$$$$$(VAR_A)", "$$$A")]
    [InlineData("$$(VAR_A)", "$(VAR_A)")]
    [InlineData("f000-$$VAR_A", "f000-$VAR_A")]
    [InlineData("foo$$$bar", "foo$$bar")]
    [InlineData("$(VAR_NONE)", "$(VAR_NONE)")]
    [InlineData("$(VAR_A", "$(VAR_A")]
    [InlineData("$((VAR_A))", "$((VAR_A))")]
    [InlineData("$()", "$()")]
    [InlineData("$VAR_A", "$VAR_A")]
    [InlineData("(VAR_A)$", "(VAR_A)$")]
    [InlineData("$", "$")]
    [InlineData("", "")]
    [InlineData("$?_boo_$!(foo)$", "$?_boo_$!(foo)$")]
    [InlineData("\n$(VAR_A)\n", "\nA\n")]
    public void References_become_values_and_what_is_none_stays(string text, string expanded) =>
        Assert.Equal(expanded, VariableExpansion.Expand(text, Variables));
}
