namespace MailPace.SmtpEdge.Protocol;

/// <summary>Every fixed reply of the edge, made once. Texts are for the client's log: what to do, no detail of ours.</summary>
internal static class Replies
{
    // 2yz and 3yz
    public static readonly SmtpReply Ok = new(250, "2.0.0", "OK");
    public static readonly SmtpReply Closing = new(221, "2.0.0", "Bye");
    public static readonly SmtpReply ReadyForTls = new(220, "2.0.0", "Ready to start TLS");
    public static readonly SmtpReply Authenticated = new(235, "2.7.0", "Authentication succeeded");
    public static readonly SmtpReply ReversePathOk = new(250, "2.1.0", "Reverse-path OK");
    public static readonly SmtpReply RecipientOk = new(250, "2.1.5", "Recipient OK");
    public static readonly SmtpReply ChunkOk = new(250, "2.0.0", "Chunk received");
    public static readonly SmtpReply CannotVerify = new(252, "2.5.2", "Cannot VRFY a user, but will take a message for it");
    public static readonly SmtpReply StartMailInput = new(354, null, "End data with <CR><LF>.<CR><LF>");
    public static readonly SmtpReply PlainChallenge = new(334, null, "");
    public static readonly SmtpReply UserNameChallenge = new(334, null, "VXNlcm5hbWU6");
    public static readonly SmtpReply PasswordChallenge = new(334, null, "UGFzc3dvcmQ6");

    // The server can't, now
    public static readonly SmtpReply Stopping = new(421, "4.3.2", "Server is shutting down, please try again");
    public static readonly SmtpReply TimedOut = new(421, "4.4.2", "Timed out waiting for the client");
    public static readonly SmtpReply TooManyErrors = new(421, "4.7.0", "Too many errors in this session");
    public static readonly SmtpReply TooManyCommands = new(421, "4.7.0", "Too many commands without a message");
    public static readonly SmtpReply TooManyAuthentications = new(421, "4.7.0", "Too many failed authentications");
    public static readonly SmtpReply AddressLockedOut = new(421, "4.7.0", "Too many failed authentications from your address, please try again later");
    public static readonly SmtpReply AccountLockedOut = new(454, "4.7.0", "Too many failed authentications of this user, please try again later");
    public static readonly SmtpReply SessionTooLong = new(421, "4.3.2", "Session has lasted its time, please connect again");
    public static readonly SmtpReply TooManyConnections = new(421, "4.3.2", "Too many connections, please try again later");
    public static readonly SmtpReply TooManyFromAddress = new(421, "4.7.0", "Too many connections from your address");
    public static readonly SmtpReply InternalError = new(421, "4.3.0", "Internal error, please try again");
    public static readonly SmtpReply NotStored = new(451, "4.3.0", "Message could not be stored, please try again");
    public static readonly SmtpReply NoRoom = new(452, "4.3.1", "Server is busy, please try again");
    public static readonly SmtpReply TooManyRecipients = new(452, "4.5.3", "Too many recipients");

    // Order of commands
    public static readonly SmtpReply EhloFirst = new(503, "5.5.1", "Send EHLO first");
    public static readonly SmtpReply TlsFirst = new(530, "5.7.0", "Must issue a STARTTLS command first");
    public static readonly SmtpReply AuthenticationNeedsTls = new(538, "5.7.11", "Encryption required for requested authentication mechanism");
    public static readonly SmtpReply AuthenticationFirst = new(530, "5.7.0", "Authentication required");
    public static readonly SmtpReply AlreadyAuthenticated = new(503, "5.5.1", "Already authenticated");
    public static readonly SmtpReply AlreadySecure = new(503, "5.5.1", "TLS is already active");
    public static readonly SmtpReply InTransaction = new(503, "5.5.1", "Not during a mail transaction");
    public static readonly SmtpReply MailFirst = new(503, "5.5.1", "Send MAIL first");
    public static readonly SmtpReply MailAlreadyGiven = new(503, "5.5.1", "MAIL was already given");
    public static readonly SmtpReply RecipientFirst = new(503, "5.5.1", "Send RCPT first");
    public static readonly SmtpReply ChunksBegun = new(503, "5.5.1", "Not after BDAT, only BDAT or RSET");

    // Commands that can't be done as given
    public static readonly SmtpReply UnknownCommand = new(500, "5.5.1", "Command not recognised");
    public static readonly SmtpReply NotImplemented = new(502, "5.5.1", "Command not implemented");
    public static readonly SmtpReply LineTooLong = new(500, "5.5.2", "Line too long");
    public static readonly SmtpReply MalformedLine = new(500, "5.5.2", "Lines end with CR LF, and hold no CR, LF or NUL");
    public static readonly SmtpReply NoArguments = new(501, "5.5.4", "Command takes no argument");
    public static readonly SmtpReply BadHostName = new(501, "5.5.4", "A host name or an address literal is wanted");
    public static readonly SmtpReply MailSyntax = new(501, "5.5.4", "Syntax: MAIL FROM:<address>");
    public static readonly SmtpReply RcptSyntax = new(501, "5.5.4", "Syntax: RCPT TO:<address>");
    public static readonly SmtpReply BdatSyntax = new(501, "5.5.4", "Syntax: BDAT size [LAST]");
    public static readonly SmtpReply ReversePathSyntax = new(501, "5.1.7", "Bad address syntax in reverse-path");
    public static readonly SmtpReply RecipientSyntax = new(501, "5.1.3", "Bad address syntax in recipient");
    public static readonly SmtpReply ReversePathNeedsUtf8 = new(553, "5.6.7", "Reverse-path needs SMTPUTF8");
    public static readonly SmtpReply RecipientNeedsUtf8 = new(553, "5.6.7", "Recipient needs SMTPUTF8");
    public static readonly SmtpReply UnknownParameter = new(555, "5.5.4", "Parameter not recognised or not implemented");
    public static readonly SmtpReply BadParameter = new(501, "5.5.4", "Parameter value not understood");
    public static readonly SmtpReply UnknownMechanism = new(504, "5.5.4", "Authentication mechanism not supported");
    public static readonly SmtpReply AuthenticationCancelled = new(501, "5.7.0", "Authentication cancelled");
    public static readonly SmtpReply BadBase64 = new(501, "5.5.2", "Cannot decode base64");
    public static readonly SmtpReply DataAfterStartTls = new(554, "5.5.1", "Nothing may follow STARTTLS before the answer to it");

    // Messages
    public static readonly SmtpReply BareLineEnd = new(550, "5.6.0", "Message holds a bare CR or LF; lines end with CR LF");
    public static readonly SmtpReply HeaderTooLarge = new(552, "5.3.4", "Message header is too large");
    public static readonly SmtpReply MessageLineTooLong = new(550, "5.6.0", "Message holds a line that is too long");
    public static readonly SmtpReply NulInMessage = new(550, "5.6.0", "Message holds a NUL");
}
