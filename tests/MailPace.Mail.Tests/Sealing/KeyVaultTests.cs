using System.Security.Cryptography;
using FsCheck.Xunit;
using MailPace.Mail.Sealing;

namespace MailPace.Mail.Tests.Sealing;

public sealed class KeyVaultTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(KeyVault.KeySize);

    [Property]
    public bool Open_WhatWasSealed_IsTheSecret(byte[] secret, string? context)
    {
        using var vault = new KeyVault(Key);
        var box = vault.Seal(secret, context ?? "");
        return vault.Open(box, context ?? "").AsSpan().SequenceEqual(secret) && box != vault.Seal(secret, context ?? "");
    }

    [Fact]
    public void Open_OtherContextOrKeyOrDamage_Throws()
    {
        using var vault = new KeyVault(Key);
        using var other = new KeyVault(RandomNumberGenerator.GetBytes(KeyVault.KeySize));
        var box = vault.Seal("secret"u8, "a.example/mp1");
        Assert.ThrowsAny<CryptographicException>(() => vault.Open(box, "b.example/mp1"));
        Assert.ThrowsAny<CryptographicException>(() => other.Open(box, "a.example/mp1"));
        for (var bit = 0; bit < 8; bit++)
        {
            var damaged = Convert.FromBase64String(box);
            damaged[^(bit + 1)] ^= (byte)(1 << bit);
            Assert.ThrowsAny<CryptographicException>(() => vault.Open(Convert.ToBase64String(damaged), "a.example/mp1"));
        }
    }

    [Property]
    public void Open_AnyText_ThrowsOneType(string? text)
    {
        using var vault = new KeyVault(Key);
        Assert.ThrowsAny<CryptographicException>(() => vault.Open(text ?? "", ""));
    }

    [Fact]
    public void KeyVault_KeyOfOtherSize_Refused() => Assert.Throws<ArgumentException>(() => new KeyVault(new byte[16]));
}
