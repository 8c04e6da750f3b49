using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class ObjectTableTests
{
    private sealed class NamespaceThenName : IComparer<(string Namespace, string Name)>
    {
        public int Compare((string Namespace, string Name) x, (string Namespace, string Name) y) =>
            string.CompareOrdinal(x.Namespace, y.Namespace) is var order and not 0 ? order : string.CompareOrdinal(x.Name, y.Name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_run_of_changes_reads_as_a_sorted_dictionary_does(int seed)
    {
        var chance = new Random(seed);
        var oracle = new SortedDictionary<(string Namespace, string Name), StoredObject>(new NamespaceThenName());
        var table = ObjectTable.Empty;
        for (var step = 1; step <= 4000; step++)
        {
            // Grows beyond several chunks, then shrinks to little.
            var (space, name) = ($"ns-{chance.Next(5)}", $"web-{chance.Next(400)}");
            if (chance.Next(100) < (step < 2500 ? 80 : 20))
            {
                var item = Samples.ConfigMap(name, step, space: space);
                oracle[(space, name)] = item;
                table = table.With(item);
            }
            else
            {
                oracle.Remove((space, name));
                table = table.Without(space, name);
            }

            Assert.Equal(oracle.Count, table.Count);
            Assert.Same(oracle.GetValueOrDefault((space, name)), table.Find(space, name));
            if (step % 250 == 0)
            {
                AssertSame(oracle, table, chance, seed);
            }
        }
    }

    [Fact]
    public void Names_that_come_in_order_are_all_found_again()
    {
        var table = Enumerable.Range(0, 3000).Aggregate(ObjectTable.Empty, (table, i) => table.With(Samples.ConfigMap($"web-{i:D5}", i + 1)));

        Assert.Equal(3000, table.Count);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"web-{i:D5}"), table.After("", "").Select(item => item.Key.Name));
    }

    [Fact]
    public void An_older_table_stays_as_it_was()
    {
        var before = ObjectTable.Empty.With(Samples.ConfigMap("a", 1)).With(Samples.ConfigMap("b", 2));
        var after = before.With(Samples.ConfigMap("a", 3)).Without("default", "b").With(Samples.ConfigMap("c", 4));

        Assert.Equal(["a@1", "b@2"], Names(before));
        Assert.Equal(["a@3", "c@4"], Names(after));
    }

    [Fact]
    public void Taking_away_what_is_not_there_changes_nothing()
    {
        var table = ObjectTable.Empty.With(Samples.ConfigMap("b", 1));

        Assert.Same(table, table.Without("default", "a"));
        Assert.Same(table, table.Without("default", "c"));
        Assert.Same(ObjectTable.Empty, ObjectTable.Empty.Without("default", "a"));
    }

    [Fact]
    public void A_namespace_whose_name_begins_another_ones_is_counted_alone()
    {
        var table = ObjectTable.Empty
            .With(Samples.ConfigMap("x", 1, space: "a")).With(Samples.ConfigMap("y", 2, space: "a-b")).With(Samples.ConfigMap("z", 3, space: "ab"));

        Assert.Equal([1, 1, 1, 0], ((string[])["a", "a-b", "ab", "b"]).Select(table.CountIn));
    }

    private static IEnumerable<string> Names(ObjectTable table) => table.After("", "").Select(item => $"{item.Key.Name}@{item.ResourceVersion}");

    private static void AssertSame(SortedDictionary<(string Namespace, string Name), StoredObject> oracle, ObjectTable table, Random chance, int seed)
    {
        var order = new NamespaceThenName();
        Assert.True(oracle.Values.SequenceEqual(table.After("", "")), $"seed {seed}");
        (string Namespace, string Name) place = ($"ns-{chance.Next(6)}", $"web-{chance.Next(420)}");
        Assert.Equal(oracle.Where(pair => order.Compare(pair.Key, place) > 0).Select(pair => pair.Value), table.After(place.Namespace, place.Name));
        Assert.Equal(oracle.Keys.Count(key => key.Namespace == place.Namespace), table.CountIn(place.Namespace));
    }
}
