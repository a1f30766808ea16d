/// Reports the progress of a run: by a live line on a terminal, by one line per epoch, or not at
/// all.
struct ProgressReporter {
    enum Mode: Equatable, Sendable {
        /// A live line below the permanent ones.
        case live(BarStyle)

        /// Permanent lines only, for a file or a pipe.
        case lines
        case silent
    }

    /// The minimum time between two updates of the live line, in seconds.
    private static let interval = 0.1

    /// Returns to the first column and clears the row.
    private static let erase = "\r\u{1B}[2K"

    private let mode: Mode
    private let columns: () -> Int
    private let now: () -> Double
    private let write: (String) -> Void

    private var runStart: (time: Double, samples: Int)?
    private var epochStart: (epoch: Int, time: Double, samples: Int)?
    private var lastDrawing: Double?

    /// - Parameters:
    ///   - columns: the current width of the terminal.
    ///   - now: seconds on a monotonic clock.
    ///   - write: writes text, unbuffered.
    init(
        mode: Mode, columns: @escaping () -> Int, now: @escaping () -> Double,
        write: @escaping (String) -> Void
    ) {
        self.mode = mode
        self.columns = columns
        self.now = now
        self.write = write
    }

    /// Shows progress within an epoch; drawn at most ten times a second, and cheap enough to be
    /// called after every batch. `samplesPerSecond` and `secondsLeft` are estimated unless they are
    /// given.
    mutating func update(_ state: ProgressState) {
        guard case .live(let style) = mode else { return }
        let time = now()
        let done = (state.epoch - 1) * state.samplesPerEpoch + state.samples
        if runStart == nil { runStart = (time, done) }
        if epochStart?.epoch != state.epoch { epochStart = (state.epoch, time, state.samples) }
        if let lastDrawing, time - lastDrawing < Self.interval { return }
        lastDrawing = time
        var state = state
        if let epochStart, time > epochStart.time, state.samples > epochStart.samples {
            state.samplesPerSecond =
                state.samplesPerSecond
                ?? Double(state.samples - epochStart.samples) / (time - epochStart.time)
        }
        // Measured over the whole run, since evaluation takes time as well.
        if let runStart, time > runStart.time, done > runStart.samples {
            let pace = (time - runStart.time) / Double(done - runStart.samples)
            let remaining = max(0, state.epochs * state.samplesPerEpoch - done)
            state.secondsLeft = state.secondsLeft ?? Double(remaining) * pace
        }
        write(Self.erase + progressLine(state, columns: columns(), style: style))
    }

    /// Reports a finished epoch.
    mutating func finish(_ summary: EpochSummary) {
        note(epochLine(summary))
    }

    /// Prints a permanent line, above the live one.
    mutating func note(_ text: String) {
        guard mode != .silent else { return }
        eraseLiveLine()
        write(text + "\n")
    }

    /// Erases the live line. To be called at the end of a run, whether it succeeds or fails.
    mutating func end() {
        eraseLiveLine()
    }

    private mutating func eraseLiveLine() {
        if lastDrawing != nil { write(Self.erase) }
        lastDrawing = nil
    }
}
