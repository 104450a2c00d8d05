using System.Globalization;
using System.Text;

namespace MailPace.Bench.Load;

/// <summary>The 5 KB email that every system gets, with a slot of fixed width for its number.</summary>
internal sealed class BenchMessage
{
    private const string Slot = "0000000000";
    private readonly byte[] _mime;
    private readonly int[] _slots;
    private readonly byte[] _json;
    private readonly int[] _jsonSlots;

    public BenchMessage(string senderDomain, int size)
    {
        ReversePath = "bench@" + senderDomain;
        var text = Paragraphs(size);
        var mime = new StringBuilder()
            .Append("From: Bench <").Append(ReversePath).Append(">\r\n")
            .Append("To: r").Append(Slot).Append("@recipient.test\r\n")
            .Append("Subject: Your sign-in link ").Append(Slot).Append("\r\n")
            .Append("Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n")
            .Append("Message-ID: <b").Append(Slot).Append('@').Append(senderDomain).Append(">\r\n")
            .Append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n")
            .Append(text.Replace("\n", "\r\n", StringComparison.Ordinal)).Append(".\r\n");
        _mime = Encoding.ASCII.GetBytes(mime.ToString());
        _slots = Slots(_mime);
        var json = $$"""
            {"from":"Bench <{{ReversePath}}>","to":"r{{Slot}}@recipient.test","subject":"Your sign-in link {{Slot}}","textbody":"{{text.Replace("\n", "\\n", StringComparison.Ordinal)}}"}
            """;
        _json = Encoding.ASCII.GetBytes(json);
        _jsonSlots = Slots(_json);
    }

    public string ReversePath { get; }

    /// <summary>Number in a received line <c>To: r0000000042@…</c>, or -1.</summary>
    public static int NumberIn(ReadOnlySpan<byte> toLine)
    {
        var at = toLine.IndexOf((byte)'@');
        return at >= Slot.Length && int.TryParse(toLine[(at - Slot.Length)..at], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
    }

    /// <summary>The message and the final dot, ready for the wire.</summary>
    public byte[] NewMime() => (byte[])_mime.Clone();

    public void NumberMime(byte[] mime, int number) => Write(mime, _slots, number);

    public byte[] NewJson() => (byte[])_json.Clone();

    public void NumberJson(byte[] json, int number) => Write(json, _jsonSlots, number);

    private static void Write(byte[] buffer, int[] slots, int number)
    {
        foreach (var slot in slots)
        {
            number.TryFormat(buffer.AsSpan(slot, Slot.Length), out _, "D10", CultureInfo.InvariantCulture);
        }
    }

    private static int[] Slots(byte[] bytes)
    {
        var slots = new List<int>();
        var slot = Encoding.ASCII.GetBytes(Slot);
        for (var at = bytes.AsSpan().IndexOf(slot); at >= 0;)
        {
            slots.Add(at);
            var next = bytes.AsSpan(at + Slot.Length).IndexOf(slot);
            at = next < 0 ? -1 : at + Slot.Length + next;
        }

        return [.. slots];
    }

    private static string Paragraphs(int size)
    {
        var random = new Random(7);
        var text = new StringBuilder(size + 80);
        while (text.Length < size - 450)
        {
            for (var column = 0; column < 68;)
            {
                var length = random.Next(2, 10);
                for (var i = 0; i < length; i++)
                {
                    text.Append((char)('a' + random.Next(26)));
                }

                text.Append(' ');
                column += length + 1;
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
