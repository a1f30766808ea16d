import Foundation

#if canImport(Runtime) && os(Linux)
    import Runtime
#endif

/// Ends the program because of a programmer's error in an operation.
///
/// `precondition` loses its message in release builds, and `fatalError` names the line where it
/// stands itself. This keeps the message, names the line that called the library, and stays out of
/// the fast path.
@inline(never)
func trap(_ operation: StaticString, _ message: String) -> Never {
    programmerError("\(operation)", message)
}

/// Like `trap(_:_:)`, for the modules built on this one.
@inline(never)
package func programmerError(_ operation: String, _ message: String) -> Never {
    // Printed at once, as finding the line may take a second.
    writeError("Fatal error: \(operation): \(message)\n")
    if let line = callingLine() { writeError("    at \(line)\n") }
    abort()
}

private func writeError(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
}

/// The line of the innermost call that is not in the library itself, as `path:line`; nil without
/// debug information, and on a thread that has no such call. It is not looked for if backtraces are
/// turned off (`SWIFT_BACKTRACE=enable=no`).
///
/// The line is read from the stack, as operators cannot take the caller's position as an argument.
@inline(never)
private func callingLine() -> String? {
    #if canImport(Runtime) && os(Linux)
        let options = ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"]
        guard options?.contains("enable=no") != true else { return nil }
        // Usually a few frames are enough; more take longer.
        for limit in [12, 64] {
            let backtrace = try? Backtrace.capture(limit: limit, top: 0)
            let frames = backtrace?.symbolicated()?.frames ?? []
            let lines = frames.compactMap(\.symbol?.sourceLocation).filter { $0.line > 0 }
            // The first frame is in this file, which shows where the library's sources are.
            let own = "Autograd/Errors/Trap.swift"
            guard let path = lines.first?.path, path.hasSuffix(own) else { return nil }
            // Modules that are optimised as a whole are compiled with paths from the package's folder.
            let library = ["\(path.dropLast(own.count))", "Sources/"].flatMap { folder in
                [
                    "Autograd", "Distributions", "Datasets", "NeuralNetworks", "LatentAnalysis",
                    "Models", "Experiments",
                ].map { folder + $0 + "/" }
            }
            let call = lines.first { line in !library.contains { line.path.hasPrefix($0) } }
            if let call { return "\(call.path):\(call.line)" }
        }
    #endif
    return nil
}
