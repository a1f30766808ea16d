import Foundation

/// This program once more, as a worker.
final class WorkerProcess {
    struct Ready: Decodable {
        let setup: Double
        let baseMemory: Double
        let bytes: Int

        private enum CodingKeys: String, CodingKey {
            case setup = "setup_s"
            case baseMemory = "base_rss_mb"
            case bytes
        }
    }

    struct Times: Decodable {
        let us: [Double]
        let inner: Int
    }

    struct End: Decodable {
        let peakMemory: Double

        private enum CodingKeys: String, CodingKey { case peakMemory = "peak_rss_mb" }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var unread = Data()

    init(_ arguments: [String]) throws {
        process.executableURL = Bundle.main.executableURL
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    func ask(_ line: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    /// The next line that it prints.
    func answer<Answer: Decodable>() throws -> Answer {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread = Data(unread[(end + 1)...]) }
                return try JSONDecoder().decode(Answer.self, from: unread[..<end])
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else {
                process.waitUntilExit()
                throw Failure(
                    description: "the worker for \(process.arguments?.dropFirst().first ?? "?") "
                        + "ended with status \(process.terminationStatus)")
            }
            unread.append(more)
        }
    }
}
