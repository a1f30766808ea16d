import Foundation

/// A folder that lives as long as its reference.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() {
        path = NSTemporaryDirectory() + "tapestry-tests-" + UUID().uuidString
        try! FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it.
    public func file(_ name: String) -> String { path + "/" + name }

    public var files: [String] {
        try! FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }
}

public func read(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

public func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// Makes every write of this process beyond the first 100 bytes of a file fail, as a full disk
/// does; for tests that run in a process of their own.
public func fillTheDisk() {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: 100, rlim_max: 100)
    #if os(Linux)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    #else
        setrlimit(RLIMIT_FSIZE, &limit)
    #endif
}
