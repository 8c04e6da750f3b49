namespace Orleans.StatefulSets.Workloads.Tests;

/// <summary>What a test needs of the machine. Where it is missing the test is skipped, and fails with CI=true: there nothing may be skipped.</summary>
internal static class Requirement
{
    public static void Of(bool met, string what)
    {
        if (!met && string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail($"This machine lacks {what}, and with CI=true nothing is skipped.");
        }

        Skip.IfNot(met, $"This machine lacks {what}.");
    }
}
