import Autograd
import FileSupport
import Foundation

/// Standard output, which receives the answer and nothing else.
enum StandardStreams {
    enum Failure: Error, CustomStringConvertible {
        /// The reader has closed the pipe, as `head` does.
        case readerIsGone
        case cannotWrite(code: Int32)

        var description: String {
            switch self {
            case .readerIsGone: "standard output: expected a reader, found none"
            case .cannotWrite(let code):
                "standard output: expected to write, found \(String(cString: strerror(code)))"
            }
        }
    }

    /// Turns failed writes into errors instead of signals that end the process, and reserves the
    /// descriptors of closed standard streams, so that no result file is opened under them.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) < 0 {
            // Takes the lowest free descriptor, which is this one. Writing to it fails.
            _ = open("/dev/null", O_RDONLY)
        }
    }

    static func write(_ text: String) throws(Failure) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes {
                Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                throw errno == EPIPE ? .readerIsGone : .cannotWrite(code: errno)
            }
            rest = rest.dropFirst(written)
        }
    }

    /// Writes a value as one JSON object.
    static func write(json value: some Encodable) throws {
        let text = try JSON.encode(value, for: "standard output")
        try write(String(decoding: text, as: UTF8.self) + "\n")
    }
}
