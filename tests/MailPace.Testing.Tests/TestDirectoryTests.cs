namespace MailPace.Testing.Tests;

public sealed class TestDirectoryTests
{
    [Fact]
    public void Create_AfterAKilledRun_RemovesWhatItLeft()
    {
        using var first = TestDirectory.Create();
        // 4194305 is above Linux's highest process id (2^22).
        var left = Path.Combine(Path.GetDirectoryName(first.Path)!, "4194305-left");
        Directory.CreateDirectory(left);

        using var second = TestDirectory.Create();

        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(first.Path));
    }

    [Fact]
    public void Dispose_WithContent_RemovesIt()
    {
        var directory = TestDirectory.Create();
        File.WriteAllText(directory.Combine("file"), "content");

        directory.Dispose();

        Assert.False(Directory.Exists(directory.Path));
    }
}
