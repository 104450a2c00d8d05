namespace MailPace.Contracts;

/// <summary>When a recipient's sender wants a DSN (RFC 3461 §4.1).</summary>
[Flags]
public enum DsnNotify
{
    Never = 0,
    Success = 1,
    Failure = 2,
    Delay = 4,
}
