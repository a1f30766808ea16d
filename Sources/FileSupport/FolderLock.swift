import Foundation

/// Locks a folder against other processes, and other holders in this one, for as long as it lives:
/// the system releases it when the process ends, however it ends.
package final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Throws if the folder is already locked.
    package init(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileError(path: path, expected: "a readable folder", code: errno)
        }
        // Some file systems have no locks; there nobody is kept out.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
            close(descriptor)
            throw FileError(
                path: path, expected: "a folder that nobody else is writing to",
                found: "one that another process has locked")
        }
        self.descriptor = descriptor
    }

    deinit {
        // Unlocked explicitly: a process that was just forked may hold the descriptor too.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
