using MailPace.Messaging.Jobs;
using MailPace.Storage.History;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;

namespace MailPace.Record.Projecting;

/// <summary>What every lane works with.</summary>
internal sealed record LaneServices(
    INatsJSContext JetStream,
    JobInspector Inspector,
    Projection Projection,
    ProjectionCursors Cursors,
    DeadLetters DeadLetters,
    IOptions<RecordOptions> Options,
    TimeProvider Time,
    ILoggerFactory Loggers);
