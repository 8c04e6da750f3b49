namespace Orleans.StatefulSets.Grains.Tests.Simulation;

/// <summary>Messages under way: any may be lost, come twice, late, or before earlier ones.</summary>
internal sealed class ModelNetwork(Random chance, Action<string> record)
{
    private readonly List<(string What, Action Deliver)> underWay = [];

    /// <summary>Of a hundred messages, how many are lost and how many come twice.</summary>
    public int FaultPercent { get; set; } = 12;

    public bool IsEmpty => underWay.Count == 0;

    public void Send(string what, Action deliver)
    {
        if (chance.Next(100) < FaultPercent)
        {
            record($"lost: {what}");
            return;
        }

        underWay.Add((what, deliver));
        if (chance.Next(100) < FaultPercent)
        {
            record($"doubled: {what}");
            underWay.Add((what, deliver));
        }
    }

    public void DeliverOne()
    {
        if (underWay.Count > 0)
        {
            var place = chance.Next(underWay.Count);
            var (_, deliver) = underWay[place];
            underWay.RemoveAt(place);
            deliver();
        }
    }
}
