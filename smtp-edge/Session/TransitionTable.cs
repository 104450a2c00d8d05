using MailPace.SmtpEdge.Protocol;
using static MailPace.SmtpEdge.Protocol.Replies;
using static MailPace.SmtpEdge.Session.NextState;
using static MailPace.SmtpEdge.Session.Transition;

namespace MailPace.SmtpEdge.Session;

/// <summary>
/// Which command does what in which state: the whole order of an SMTP session (RFC 5321 §4.1.4, RFC 3207 §4,
/// RFC 4954 §4, RFC 3030 §2). Nothing else in the edge asks whether a command is allowed.
/// </summary>
internal static class TransitionTable
{
    private static readonly Transition[][] Rows =
    [
        //                     EHLO, HELO   STARTTLS           AUTH                        MAIL                      RCPT                      DATA                      BDAT                      RSET
        /* Connected       */ [Go(Greeted), No(EhloFirst),     No(EhloFirst),              No(EhloFirst),            No(EhloFirst),            No(EhloFirst),            No(EhloFirst),            Go(Same)],
        /* Clear           */ [Go(Greeted), Go(Connected),     No(AuthenticationNeedsTls), No(TlsFirst),             No(TlsFirst),             No(TlsFirst),             No(TlsFirst),             Go(Same)],
        /* Unauthenticated */ [Go(Greeted), No(AlreadySecure), Go(Ready),                  No(AuthenticationFirst),  No(AuthenticationFirst),  No(AuthenticationFirst),  No(AuthenticationFirst),  Go(Same)],
        /* Ready           */ [Go(Greeted), Go(Connected),     No(AlreadyAuthenticated),   Go(Transaction),          No(MailFirst),            No(MailFirst),            No(MailFirst),            Go(Same)],
        /* Transaction     */ [Go(Greeted), No(InTransaction), No(InTransaction),          No(MailAlreadyGiven),     Go(Recipients),           No(RecipientFirst),       No(RecipientFirst),       Go(Ready)],
        /* Recipients      */ [Go(Greeted), No(InTransaction), No(InTransaction),          No(MailAlreadyGiven),     Go(Recipients),           Go(Ready),                Go(Chunks),               Go(Ready)],
        /* Chunks          */ [Go(Greeted), No(InTransaction), No(InTransaction),          No(MailAlreadyGiven),     No(ChunksBegun),          No(ChunksBegun),          Go(Chunks),               Go(Ready)],
    ];

    /// <summary>Commands that any state allows and none changes.</summary>
    private static readonly Transition Anywhere = Go(Same);

    public static Transition Of(SmtpState state, SmtpVerb verb) => verb switch
    {
        SmtpVerb.Ehlo or SmtpVerb.Helo => Rows[(int)state][0],
        SmtpVerb.StartTls => Rows[(int)state][1],
        SmtpVerb.Auth => Rows[(int)state][2],
        SmtpVerb.Mail => Rows[(int)state][3],
        SmtpVerb.Rcpt => Rows[(int)state][4],
        SmtpVerb.Data => Rows[(int)state][5],
        SmtpVerb.Bdat => Rows[(int)state][6],
        SmtpVerb.Rset => Rows[(int)state][7],
        SmtpVerb.Noop or SmtpVerb.Quit or SmtpVerb.Vrfy or SmtpVerb.Expn or SmtpVerb.Help or SmtpVerb.Unknown => Anywhere,
    };
}
