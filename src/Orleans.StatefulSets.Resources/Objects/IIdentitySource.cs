namespace Orleans.StatefulSets.Resources.Objects;

/// <summary>Where chance comes from: uids and the random end of a generated name. Handed in, so that a test can repeat itself.</summary>
public interface IIdentitySource
{
    /// <summary>A new uid, a lower-case UUID.</summary>
    string NewUid();

    /// <summary>The five characters that <c>generateName</c> is completed with, of the alphabet <c>bcdfghjklmnpqrstvwxz2456789</c>.</summary>
    string NewNameSuffix();
}
