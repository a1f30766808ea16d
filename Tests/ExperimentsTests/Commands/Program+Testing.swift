import Foundation
import TestSupport
import Testing

@testable import Experiments

/// What a run of the program came to.
struct ProgramOutcome {
    let status: Int32
    let output: String
    let error: String

    /// The lines on standard error that are not progress.
    var complaints: [String] {
        error.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("epoch ") }
    }
}

/// The program as a process that is under way.
final class ProgramProcess {
    private let process: ChildProcess
    private let folder: TestFolder

    /// - Parameters:
    ///   - folder: the working directory.
    ///   - output: where standard output goes; gathered where nil.
    ///   - terminal: where standard error goes; gathered where nil.
    init(
        _ words: [String], in folder: TestFolder, output: FileHandle? = nil,
        terminal: FileHandle? = nil, shell: String? = nil
    ) throws {
        self.folder = TestFolder()
        let program = try Self.executable.path
        var environment = ProcessInfo.processInfo.environment
        environment["TAPESTRY_DATA"] = nil
        if terminal != nil { environment["TERM"] = "xterm" }
        process = try ChildProcess(
            (shell.map { ["/bin/sh", "-c", $0, program] } ?? [program]) + words,
            environment: environment, in: folder.url,
            // Files, unlike pipes, never make a process wait for its reader.
            output: try output ?? self.folder.newFile("output"),
            error: try terminal ?? self.folder.newFile("error"))
    }

    /// Sends a signal.
    func send(_ signal: Int32) { process.send(signal) }

    var isRunning: Bool { process.isRunning }

    func outcome() throws -> ProgramOutcome {
        ProgramOutcome(
            status: process.wait(), output: try folder.text("output"),
            error: try folder.text("error"))
    }

    /// The executable lies beside the bundle of these tests.
    static var executable: URL {
        get throws {
            let places =
                (CommandLine.arguments + [Bundle.main.bundlePath]
                + Bundle.allBundles.map(\.bundlePath))
                .map { URL(fileURLWithPath: $0) }
            for place in places {
                for folder in sequence(first: place, next: { $0.deletingLastPathComponent() })
                    .prefix(5)
                {
                    let candidate = folder.appendingPathComponent("tapestry")
                    var isFolder: ObjCBool = false
                    if FileManager.default.isExecutableFile(atPath: candidate.path),
                        FileManager.default.fileExists(
                            atPath: candidate.path, isDirectory: &isFolder), !isFolder.boolValue
                    {
                        return candidate
                    }
                }
            }
            struct NoExecutable: Error { let places: [URL] }
            throw NoExecutable(places: places)
        }
    }
}

/// Runs the program to its end.
func tapestry(
    _ words: String..., in folder: TestFolder, shell: String? = nil
) throws -> ProgramOutcome {
    try ProgramProcess(words, in: folder, shell: shell).outcome()
}

/// What the world does wrong is answered by one line with these parts, and status 1; arguments that are
/// wrong in themselves with status 2.
func expectFailure(
    _ outcome: ProgramOutcome, _ parts: String..., status: Int32 = 1,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(outcome.status == status, sourceLocation: sourceLocation)
    #expect(outcome.complaints.count == 1, sourceLocation: sourceLocation)
    #expect(outcome.error.hasPrefix("tapestry: "), sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    for part in parts {
        #expect(outcome.error.contains(part), sourceLocation: sourceLocation)
    }
}

/// The JSON object that a command has written.
func object(_ outcome: ProgramOutcome) throws -> [String: Any] {
    #expect(outcome.status == 0, "\(outcome.error)")
    return try #require(
        JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
}

/// A folder that is removed with its last user.
final class TestFolder: Sendable {
    let url: URL

    init() {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("tapestry-\(UUID().uuidString)")
        try! FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
    func text(_ name: String) throws -> String {
        exists(name) ? String(decoding: try bytes(name), as: UTF8.self) : ""
    }
    func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }
    /// All files, with the paths from here.
    var files: Set<String> {
        get throws { Set(try FileManager.default.subpathsOfDirectory(atPath: url.path)) }
    }
    func write(_ text: String, to name: String) throws {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }
    func names(in folder: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: path(folder)))
    }
    func copy(_ name: String, from other: TestFolder) throws {
        try FileManager.default.copyItem(atPath: other.path(name), toPath: path(name))
    }

    fileprivate func newFile(_ name: String) throws -> FileHandle {
        try write("", to: name)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
    }
}

/// A small trained run, made once: `run`, with two-dimensional codes of the 8 × 8 digits.
enum TrainedFixture {
    static let made: (folder: TestFolder, outcome: ProgramOutcome) = {
        let folder = TestFolder()
        let outcome = try! tapestry(
            "train", "vae", "--data", "digits8x8", "--epochs", "2", "--latent-size", "2",
            "--output", "run", "--json", in: folder)
        return (folder, outcome)
    }()

    /// A folder with a copy of the run, to be changed at will.
    static func copy() throws -> TestFolder {
        let folder = TestFolder()
        try folder.copy("run", from: made.folder)
        return folder
    }
}
