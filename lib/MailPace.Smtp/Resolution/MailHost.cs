using System.Net;

namespace MailPace.Smtp.Resolution;

/// <summary>A host that takes mail, with the addresses that may be connected to.</summary>
public sealed record MailHost(string Name, IReadOnlyList<IPAddress> Addresses);
