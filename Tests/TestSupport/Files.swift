import Foundation

/// Calls `body` with a new, empty folder, which is removed afterwards, whatever happens.
public func withTemporaryDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let directory = try makeTemporaryDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory)
}

/// As `withTemporaryDirectory(_:)`, for asynchronous tests.
public func withTemporaryDirectory<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (URL) async throws -> Result
) async throws -> Result {
    let directory = try makeTemporaryDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory)
}

/// The folder of data sets that are not part of the package, from the environment variable
/// `TAPESTRY_DATA`; nil where it is not set. Tests that need it are enabled by it:
///
/// ```swift
/// @Test(.enabled(if: testData != nil, "TAPESTRY_DATA is not set"))
/// ```
public let testData: URL? = ProcessInfo.processInfo.environment["TAPESTRY_DATA"].flatMap {
    $0.isEmpty ? nil : URL(fileURLWithPath: $0, isDirectory: true)
}

private func makeTemporaryDirectory() throws -> URL {
    let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent("tapestry-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    return directory
}
