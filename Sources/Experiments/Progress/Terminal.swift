import Foundation

/// Standard error, where progress is shown.
enum Terminal {
    /// How progress is reported on this terminal.
    static func progressMode(quiet: Bool) -> ProgressReporter.Mode {
        progressMode(
            quiet: quiet, isTerminal: isatty(STDERR_FILENO) == 1,
            environment: ProcessInfo.processInfo.environment)
    }

    static func progressMode(
        quiet: Bool, isTerminal: Bool, environment: [String: String]
    ) -> ProgressReporter.Mode {
        if quiet { return .silent }
        guard isTerminal, environment["TERM"] != "dumb" else { return .lines }
        // The first of these variables that is set decides.
        let locale =
            ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
            .first { !$0.isEmpty }?.lowercased() ?? ""
        let isUnicode = locale.contains("utf-8") || locale.contains("utf8")
        return .live(isUnicode ? .blocks : .ascii)
    }

    /// The current number of columns; 80 if the terminal does not report it.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return 80
        }
        return Int(size.ws_col)
    }

    /// Writes to standard error, unbuffered. Write errors are ignored, as a closed terminal must
    /// not stop a run.
    static func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes {
                Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}

extension ProgressReporter {
    /// A reporter on standard error.
    static func standardError(quiet: Bool) -> ProgressReporter {
        let start = ContinuousClock.now
        return ProgressReporter(
            mode: Terminal.progressMode(quiet: quiet), columns: { Terminal.columns },
            now: { (ContinuousClock.now - start) / .seconds(1) }, write: Terminal.write)
    }
}
