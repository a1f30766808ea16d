import Foundation
import Synchronization

/// A program that runs beside the tests.
///
/// Foundation's `Process` goes through the list of open files, and at the last entry of a full block of
/// them, the 1,354th file, reads beyond the end of the block's memory: the pipes that exit tests leave
/// open are as many. Here the system closes what the program is not given.
public final class ChildProcess: Sendable {
    public struct Failure: Error { public let what: String }

    public let identifier: pid_t
    private let end = Mutex<Int32?>(nil)
    private let ending = DispatchGroup()

    /// - Parameters:
    ///   - words: the program, by its path or a name on the path, and its arguments.
    ///   - environment: that of the tests where nil.
    ///   - folder: the working directory; that of the tests where nil.
    ///   - input, output: what is read and written; nothing where nil.
    ///   - error: standard error; nothing where nil.
    public init(
        _ words: [String], environment: [String: String]? = nil, in folder: URL? = nil,
        input: FileHandle? = nil, output: FileHandle? = nil, error: FileHandle? = nil
    ) throws {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        if let folder { changeFolder(&actions, to: folder.path) }
        // Beyond the three that the program is given, so that none is overwritten before it is passed on.
        let files = [input, output, error].map { $0.map { fcntl($0.fileDescriptor, F_DUPFD, 3) } }
        defer { for case let file? in files { close(file) } }
        for (number, file) in files.enumerated() {
            let standard = Int32(truncatingIfNeeded: number)
            if let file {
                posix_spawn_file_actions_adddup2(&actions, file, standard)
            } else {
                posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", O_RDWR, 0)
            }
        }
        #if canImport(Darwin)
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_CLOEXEC_DEFAULT))
        #else
            closeFiles(&actions, from: 3)
        #endif

        let variables = environment ?? ProcessInfo.processInfo.environment
        var arguments = words.map { strdup($0) } + [nil]
        var settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + settings { free(text) } }
        var identifier = pid_t()
        let code = posix_spawnp(
            &identifier, words[0], &actions, &attributes, &arguments, &settings)
        guard code == 0 else {
            throw Failure(what: "\(words[0]): \(String(cString: strerror(code)))")
        }
        self.identifier = identifier
        ending.enter()
        // At once, whoever asks: exit tests wait for any process, and stay with one that nobody has
        // asked for its end.
        Thread.detachNewThread { [self, identifier] in
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) == -1, errno == EINTR {}
            let signal = status & 0x7f
            let ended = signal == 0 ? status >> 8 & 0xff : -signal
            end.withLock { $0 = ended }
            ending.leave()
        }
    }

    public var isRunning: Bool { end.withLock { $0 == nil } }

    /// The status with which the program ends, negative for the signal by which it does.
    @discardableResult
    public func wait() -> Int32 {
        ending.wait()
        return end.withLock { $0 ?? -1 }
    }

    public func send(_ signal: Int32) { kill(identifier, signal) }

    /// What the program `words` writes, and the status with which it ends.
    public static func output(of words: [String]) throws -> (status: Int32, output: Data) {
        let pipe = Pipe()
        let process = try ChildProcess(words, output: pipe.fileHandleForWriting)
        try pipe.fileHandleForWriting.close()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        return (process.wait(), output)
    }
}

// Of spawn.h; the module of the C library leaves them out on Linux.
@_silgen_name("posix_spawn_file_actions_addchdir_np") @discardableResult
private func changeFolder(
    _ actions: UnsafeMutablePointer<FileActions>, to path: UnsafePointer<CChar>
) -> Int32

#if canImport(Darwin)
    private typealias FileActions = posix_spawn_file_actions_t?
#else
    private typealias FileActions = posix_spawn_file_actions_t

    @_silgen_name("posix_spawn_file_actions_addclosefrom_np") @discardableResult
    private func closeFiles(
        _ actions: UnsafeMutablePointer<FileActions>, from first: Int32
    ) -> Int32
#endif
