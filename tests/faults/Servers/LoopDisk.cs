using System.Globalization;
using System.Runtime.InteropServices;
using MailPace.Testing;
using Microsoft.Win32.SafeHandles;

namespace MailPace.Faults.Servers;

/// <summary>An ext4 file system in a file, mounted through a loop device, whose power can be cut. Needs root.</summary>
internal sealed partial class LoopDisk : IAsyncDisposable
{
    /// <summary><c>_IOR('X', 125, __u32)</c>, linux/fs.h and fs/ext4/ext4.h.</summary>
    private const ulong FsIocShutdown = 0x8004587D;

    /// <summary><c>EXT4_GOING_FLAGS_NOLOGFLUSH</c>: nothing that waits in memory reaches the disk, the journal neither.</summary>
    private const uint NoLogFlush = 2;

    private readonly TestDirectory _directory = TestDirectory.Create();
    private bool _isMounted;

    private LoopDisk()
    {
    }

    /// <summary>Where it's mounted.</summary>
    public string Path => _directory.Combine("mnt");

    private string Image => _directory.Combine("image");

    /// <summary>Why there can be none here; null when there can. Found out by making one.</summary>
    public static async Task<string?> UnavailableAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "needs root";
        }

        try
        {
            await using var disk = await CreateAsync(16);
            disk.CutPower();
            return null;
        }
        catch (InvalidOperationException failure)
        {
            return "needs root and loop mounts: " + failure.Message;
        }
    }

    public static async Task<LoopDisk> CreateAsync(int megabytes)
    {
        var disk = new LoopDisk();
        await using (var image = File.Create(disk.Image))
        {
            image.SetLength(megabytes * 1024L * 1024L);
        }

        Directory.CreateDirectory(disk.Path);
        await Shell.RunAsync("mkfs.ext4", "-q", "-m", "0", disk.Image);
        await disk.MountAsync();
        return disk;
    }

    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The files of a folder reach the disk, and no others. One that vanishes meanwhile needs it no more: PostgreSQL makes and renames files.</summary>
    public Task SyncAsync(string name) => Shell.RunAsync(
        "find", Combine(name), "(", "-type", "f", "-o", "-type", "d", ")", "-exec", "sh", "-c", """for file; do sync "$file" 2>/dev/null || [ ! -e "$file" ] || exit 1; done""", "sh", "{}", "+");

    /// <summary>All that was written so far reaches the disk.</summary>
    public Task SyncAllAsync() => Shell.RunAsync("sync", "-f", Path);

    /// <summary>From now on nothing is written any more.</summary>
    public void CutPower()
    {
        using var root = Open();
        var flags = NoLogFlush;
        if (Ioctl(root, FsIocShutdown, ref flags) != 0)
        {
            throw new InvalidOperationException($"FS_IOC_SHUTDOWN failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Reads from the disk what is really there.</summary>
    public async Task MountAgainAsync()
    {
        await UnmountAsync();
        await MountAsync();
    }

    /// <summary>Writes a file until the disk is full.</summary>
    public async Task FillAsync(string name)
    {
        await using var ballast = new FileStream(Combine(name), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var block = 1024 * 1024; block >= 512;)
        {
            try
            {
                await ballast.WriteAsync(new byte[block]);
            }
            catch (IOException)
            {
                block /= 2; // ENOSPC: perhaps a smaller one still fits
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            await UnmountAsync();
        }

        _directory.Dispose();
    }

    private async Task MountAsync()
    {
        await Shell.RunAsync("mount", "-o", "loop", Image, Path);
        _isMounted = true;
        File.SetUnixFileMode(Path, (UnixFileMode)Convert.ToInt32("755", 8));
    }

    private async Task UnmountAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Shell.RunAsync("umount", Path);
                _isMounted = false;
                return;
            }
            catch (InvalidOperationException) when (attempt < 100)
            {
                await Task.Delay(50); // a killed process still holds a file for a moment
            }
        }
    }

    private SafeFileHandle Open()
    {
        var handle = OpenDirectory(Path, 0);
        return handle.IsInvalid ? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{Path} can't be opened: {Marshal.GetLastPInvokeErrorMessage()}")) : handle;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenDirectory(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle file, ulong request, ref uint argument);
}
