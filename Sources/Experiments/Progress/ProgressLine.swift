/// A named quantity: the loss or one of its terms.
struct ProgressTerm: Equatable, Sendable {
    var name: String
    var value: Double
}

/// The progress of a training run, or of other long work.
struct ProgressState: Equatable, Sendable {
    /// The title of work that has no epochs and samples.
    var title: String?

    /// The current epoch, from 1.
    var epoch: Int
    var epochs: Int

    /// Samples of this epoch that were processed.
    var samples: Int
    var samplesPerEpoch: Int

    /// The loss and its terms, most important first.
    var terms: [ProgressTerm] = []
    var samplesPerSecond: Double?
    var secondsLeft: Double?

    /// The fraction of this epoch that is done, in 0...1.
    var fraction: Double {
        samplesPerEpoch > 0
            ? min(max(Double(samples) / Double(samplesPerEpoch), 0), 1) : 0
    }
}

/// The results of an epoch.
struct EpochSummary: Equatable, Sendable {
    var epoch: Int
    var epochs: Int
    var terms: [ProgressTerm]

    /// The same quantities on held-out data, if any.
    var heldOut: [ProgressTerm] = []
    var samplesPerSecond: Double?
    var seconds: Double
}

/// The characters of the bar: blocks if the terminal supports Unicode, else ASCII.
enum BarStyle: Sendable { case blocks, ascii }

/// The live progress line of a run for a terminal with the given number of columns.
///
/// What does not fit is left out, the least important first: the last terms, the samples per
/// second, the percentage, the loss, the time left, the bar; the epoch remains. The line never
/// fills the last column, where a terminal might wrap it.
func progressLine(_ state: ProgressState, columns: Int, style: BarStyle) -> String {
    let room = max(columns - 1, 0)
    let epoch = state.title ?? epochLabel(state.epoch, of: state.epochs)
    let percentage = padded("\(Int(state.fraction * 100))", to: 3) + " %"
    let rate =
        state.title == nil ? state.samplesPerSecond.map { Format.rate($0) + " samples/s" } : nil
    let timeLeft = state.secondsLeft.map { Format.duration(seconds: $0) + " left" }
    let terms = state.terms.map(label)

    // From most to least detailed; the first that leaves enough room for the bar is used.
    var candidates: [[String?]] = stride(from: max(terms.count, 1), through: 1, by: -1).map {
        [percentage] + terms.prefix($0) + [rate, timeLeft]
    }
    candidates.append([percentage, terms.first, timeLeft])
    candidates.append([terms.first, timeLeft])
    candidates.append([timeLeft])
    candidates.append([])

    let separator = "  "
    let leastBar = 8
    for candidate in candidates {
        let tail = candidate.compactMap { $0 }.map { separator + $0 }.joined()
        let free = room - epoch.count - separator.count - tail.count
        guard free >= leastBar else { continue }
        return epoch + separator + bar(state.fraction, width: min(free, 32), style: style) + tail
    }
    return String(epoch.prefix(room))
}

/// The line about a finished epoch.
func epochLine(_ summary: EpochSummary) -> String {
    var parts = [epochLabel(summary.epoch, of: summary.epochs)]
    parts += summary.terms.map(label)
    if !summary.heldOut.isEmpty {
        parts.append("(held out: " + summary.heldOut.map(label).joined(separator: "  ") + ")")
    }
    if let rate = summary.samplesPerSecond { parts.append(Format.rate(rate) + " samples/s") }
    parts.append(Format.duration(seconds: summary.seconds))
    return parts.joined(separator: "  ")
}

private func epochLabel(_ epoch: Int, of epochs: Int) -> String {
    "epoch " + padded("\(epoch)", to: "\(epochs)".count) + "/\(epochs)"
}

private func label(_ term: ProgressTerm) -> String {
    term.name + " " + Format.number(term.value)
}

private func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

private func bar(_ fraction: Double, width: Int, style: BarStyle) -> String {
    switch style {
    case .ascii:
        // Sound: a fraction of the width.
        let full = Int(fraction * Double(width - 2))
        return "[" + String(repeating: "#", count: full)
            + String(repeating: "-", count: width - 2 - full) + "]"
    case .blocks:
        // Sound: a fraction of the width.
        let eighths = Int(fraction * Double(width * 8))
        let part = eighths % 8 == 0 ? "" : String("▏▎▍▌▋▊▉".map(\.self)[eighths % 8 - 1])
        let full = String(repeating: "█", count: eighths / 8)
        return full + part
            + String(repeating: "░", count: width - eighths / 8 - part.count)
    }
}
