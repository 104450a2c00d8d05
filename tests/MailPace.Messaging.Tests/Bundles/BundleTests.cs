using System.Buffers;
using FsCheck;
using FsCheck.Xunit;
using MailPace.Messaging.Bundles;

namespace MailPace.Messaging.Tests.Bundles;

public sealed class BundleTests
{
    [Property]
    public bool Read_WhatWasWritten_IsTheSame((long Id, byte[] Metadata, byte[] Body)[] items)
    {
        var written = items.Take(Bundle.MaximumItems).ToArray();
        var read = Bundle.Read(Encode(written));
        return read.Length == written.Length
            && read.Zip(written).All(static pair => pair.First.EmailId == pair.Second.Id
                && pair.First.Metadata.Span.SequenceEqual(pair.Second.Metadata)
                && pair.First.Body.Span.SequenceEqual(pair.Second.Body));
    }

    [Property]
    public bool Read_CutShortAnywhere_IsNoBundle(NonEmptyArray<byte[]> bodies, PositiveInt cut)
    {
        var whole = Encode([.. bodies.Get.Take(Bundle.MaximumItems).Select(static body => (1L, body, body))]);
        return IsNoBundle(whole.AsMemory(0, cut.Get % whole.Length));
    }

    [Property]
    public bool Read_Longer_IsNoBundle(byte[][] bodies, NonEmptyArray<byte> more) =>
        IsNoBundle(Encode([.. bodies.Take(Bundle.MaximumItems).Select(static body => (1L, body, body))]).Concat(more.Get).ToArray());

    [Property(MaxTest = 1000)]
    public bool Read_AnyBytes_IsABundleOrNoBundle(byte[] noise, byte[][] bodies, PositiveInt place, byte value)
    {
        var corrupt = Encode([.. bodies.Take(Bundle.MaximumItems).Select(static body => (1L, body, body))]);
        corrupt[place.Get % corrupt.Length] = value;
        return Survives(noise) && Survives([Bundle.Version, .. noise]) && Survives(corrupt);
    }

    [Fact]
    public void Read_UnknownVersion_NamesIt()
    {
        var future = Encode([(1, [1], [2])]);
        future[0] = 7;

        var failure = Assert.Throws<BundleFormatException>(() => Bundle.Read(future));

        Assert.Contains("version 7", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreItemsThanABundleHolds_IsNoBundle() =>
        Assert.True(IsNoBundle(Encode([.. Enumerable.Range(0, Bundle.MaximumItems + 1).Select(static id => ((long)id, Array.Empty<byte>(), Array.Empty<byte>()))])));

    [Fact]
    public void EncodedSize_IsWhatItTakes() =>
        Assert.Equal(Encode([(5, new byte[10], new byte[20])]).Length, Bundle.HeaderBytes + new BundleItem(5, new byte[10], new byte[20]).EncodedSize);

    private static byte[] Encode((long Id, byte[] Metadata, byte[] Body)[] items)
    {
        var output = new ArrayBufferWriter<byte>();
        Bundle.Write(output, [.. items.Select(static item => new BundleItem(item.Id, item.Metadata, item.Body))]);
        return output.WrittenSpan.ToArray();
    }

    private static bool IsNoBundle(ReadOnlyMemory<byte> payload)
    {
        try
        {
            Bundle.Read(payload);
            return false;
        }
        catch (BundleFormatException)
        {
            return true;
        }
    }

    private static bool Survives(byte[] payload) => IsNoBundle(payload) || Bundle.Read(payload).Length <= Bundle.MaximumItems;
}
