namespace MailPace.Smtp.Delivery;

/// <summary>Where a message goes next.</summary>
public abstract record Route
{
    private Route()
    {
    }

    /// <summary>The mail exchangers of a domain.</summary>
    /// <param name="Domain">An A-label.</param>
    public sealed record Mx(string Domain) : Route;

    /// <summary>One host, whatever the recipient: a smarthost, or the sandbox.</summary>
    /// <param name="Host">Name or address.</param>
    /// <param name="Port">TCP port.</param>
    public sealed record Fixed(string Host, int Port) : Route;

    public T Match<T>(Func<Mx, T> mx, Func<Fixed, T> @fixed) => this switch
    {
        Mx route => mx(route),
        Fixed route => @fixed(route),
        _ => throw new InvalidOperationException("The family of routes is closed."),
    };
}
