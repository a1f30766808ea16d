import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// What a page needs to decode codes by itself: a decoder, the directions along which codes are moved,
/// and samples to start from. Stored in a run's folder, so that the report can be rewritten without the
/// data.
struct Explorer: Codable, Equatable {
    /// What the decoder is told besides a code.
    struct Condition: Codable, Equatable {
        /// The number of classes; nil if a number is told.
        var classes: Int?
        /// Those to choose from, with their names.
        var choices: [Choice] = []
        /// Of a number: it is told in standard deviations from its mean.
        var mean: Double?
        var deviation: Double?
        /// The numbers to choose from.
        var lower: Double?
        var upper: Double?
    }

    struct Choice: Codable, Equatable {
        var value: Int
        var name: String
    }

    /// Codes of test samples in the plane.
    struct Points: Codable, Equatable {
        var x: [Float]
        var y: [Float]
        /// The colour of each; empty if they have no labels.
        var colors: [String]
    }

    /// The distributions of codes under conditions (``CodeScale``).
    struct Scale: Codable, Equatable {
        var mean: [PackedStep]
        var logVariance: [PackedStep]
    }

    /// From codes to pictures with numbers from 0 to 1, channel by channel.
    var decoder: [PackedStep]
    /// Of its weights; nil if they are not rounded.
    var bits: Int?
    /// Of a picture: channels, height, width.
    var picture: [Int]
    /// Of a code, as the decoder takes it.
    var codeShape: [Int]
    /// Whether codes are unit vectors.
    var areDirections: Bool
    var directions: CodeDirections
    var condition: Condition?
    /// Nil where codes of all conditions are alike.
    var scale: Scale?
    var samples: ExplorerSamples
    var points: Points
}

/// An explorer, or why there is none: the contents of a file in a run's folder.
struct ExplorerFile: Codable, Equatable {
    var explorer: Explorer?
    var note: String?

    /// The most bytes that an explorer may add to a page.
    static let limit = 3_000_000

    /// An explorer, or a note that it would be too large.
    init(_ explorer: Explorer, limit: Int = limit) throws {
        let size = try JSON.encode(explorer, .line, for: RunFile.explorer).count
        guard size > limit else {
            self.explorer = explorer
            return
        }
        func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }
        note =
            "The page has no explorer: it would take \(megabytes(size)), more than the "
            + "\(megabytes(limit)) that it may. A model with a smaller decoder has one."
    }

    init(note: String) { self.note = note }

    /// Nil if there is no such file, as of runs of earlier versions.
    static func read(of run: TrainingRun) throws(FileError) -> ExplorerFile? {
        try JSON.readIfThere(
            ExplorerFile.self, from: run.file(RunFile.explorer), expected: "the explorer of a page")
    }

    func write(in run: TrainingRun) throws {
        let path = run.file(RunFile.explorer)
        try AtomicFile.write(JSON.encode(self, .line, for: path) + [UInt8(ascii: "\n")], to: path)
    }
}
