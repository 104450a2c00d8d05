namespace MailPace.Messaging.Consuming;

/// <summary>What a stream held when a consumer was first seen on a server.</summary>
/// <param name="Server">Id of the server; it's another one after each start.</param>
/// <param name="Created">When the consumer was made; later when it was made again.</param>
/// <param name="LastSequence">The stream's last sequence then.</param>
internal sealed record SeenConsumer(string Server, DateTimeOffset Created, long LastSequence);
