namespace MailPace.Deliver.Shaping;

/// <summary>What an MX group is given at most, by all processes together.</summary>
/// <param name="Connections">Open connections.</param>
/// <param name="MessagesPerConnection">Messages over one connection.</param>
/// <param name="Rate">Messages per second; 0: no limit.</param>
internal readonly record struct GroupLimits(int Connections, int MessagesPerConnection, double Rate);
