namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>
/// Lists of immutable items that are rebuilt only where an item changes, so that defaulting what is already
/// defaulted hands back the very same list.
/// </summary>
internal static class SharedLists
{
    /// <summary>The list with each item changed; the same list where no item became another one; null stays null.</summary>
    public static IList<T>? Each<T>(IList<T>? items, Func<T, T> change)
        where T : class
    {
        if (items is null)
        {
            return null;
        }

        List<T>? changed = null;
        for (var index = 0; index < items.Count; index++)
        {
            var item = items[index];
            var next = item is null ? item! : change(item);
            if (changed is null && !ReferenceEquals(item, next))
            {
                changed = [.. items];
            }

            if (changed is not null)
            {
                changed[index] = next;
            }
        }

        return changed ?? items;
    }

    /// <summary>The list with one more item at its end, or the same list where it is already there.</summary>
    public static IList<string> Including(IList<string>? items, string item) =>
        items is null ? [item] : items.Contains(item) ? items : [.. items, item];
}
