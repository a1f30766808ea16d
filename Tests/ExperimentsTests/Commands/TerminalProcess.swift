import Foundation

/// The program with its standard error on a terminal, where it draws how far it has come.
final class TerminalProcess {
    private let process: ProgramProcess
    /// The other end of the terminal.
    private let controller: FileHandle
    private var drawn: [UInt8] = []

    init(_ words: [String], in folder: TestFolder) throws {
        var (master, slave): (Int32, Int32) = (-1, -1)
        guard openpty(&master, &slave, nil, nil, nil) == 0 else {
            throw CocoaError(.fileReadUnknown)
        }
        controller = FileHandle(fileDescriptor: master, closeOnDealloc: true)
        // Reading ends when nobody has the other end open: no other process shall inherit one.
        for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(slave) }
        process = try ProgramProcess(
            words, in: folder, terminal: FileHandle(fileDescriptor: slave))
    }

    /// All that was drawn up to now.
    var text: String { String(decoding: drawn, as: UTF8.self) }

    func send(_ signal: Int32) { process.send(signal) }

    /// Waits until something is drawn; false where the program ends without it.
    func draws(_ text: String) -> Bool {
        while !self.text.contains(text) { guard read() else { return false } }
        return true
    }

    func outcome() throws -> ProgramOutcome {
        while read() {}
        return try process.outcome()
    }

    /// Whether there was something.
    private func read() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Foundation.read(controller.fileDescriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { return true }
        guard count > 0 else { return false }
        drawn += buffer[..<count]
        return true
    }
}
