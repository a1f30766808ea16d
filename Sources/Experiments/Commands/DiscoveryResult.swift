import Datasets
import FileSupport
import Foundation
import LatentAnalysis

/// What is where in micrographs, as a file says.
struct KnownThings {
    let positions: [AtomPosition]
    /// Of each position, as its index among the kinds.
    let kindOf: [Int]
    let kinds: [String]
    /// By how many angles of a whole turn each kind looks alike.
    let symmetries: [Int]
    /// In radians; nil if they are not known.
    let angles: [Double]?

    /// - Throws: if there is no column of kinds, or a number is none.
    init(contentsOf path: String) throws(FileError) {
        let table = try PositionTable(contentsOf: path)
        guard let texts = table.texts(of: "kind") else {
            throw FileError(path: path, expected: "a column kind", found: "none")
        }
        let kinds = Set(texts).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(kinds, 0...))
        positions = table.positions
        // Sound: all of them are keys.
        kindOf = texts.map { numbers[$0]! }
        self.kinds = kinds
        angles = try table.numbers(of: "angle")?.map { $0 * .pi / 180 }
        var symmetries = Array(repeating: 1, count: kinds.count)
        for (index, value) in (try table.numbers(of: "symmetry") ?? []).enumerated() {
            guard value >= 1, value <= 1000, value == value.rounded() else {
                throw FileError(
                    path: path, expected: "symmetries from 1 to 1000", found: "\(value)")
            }
            symmetries[kindOf[index]] = Int(value)  // Sound: from 1 to 1000.
        }
        self.symmetries = symmetries
    }
}

/// How far kinds and angles that were found are those that there are: the output of `--json`, and a file.
struct DiscoveryResult: Codable {
    struct Kind: Codable {
        let kind: String
        let count: Int
        /// The share that is in a cluster that stands for the kind; NaN if there are none.
        let recall: Double
        /// In degrees; nil if the model or the truth has no angles.
        let angleError: Double?
        let angleErrorByChance: Double?
    }

    let samples: Int
    /// How many are where something is known.
    let compared: Int
    let clusters: Int
    let accuracy: Double
    /// That of a single cluster.
    let accuracyByChance: Double
    let kinds: [Kind]

    init(
        of codes: PlacedCodes, clusters: [Int], count: Int, known: KnownThings,
        within distance: Double
    ) {
        let matches = nearestPositions(
            of: codes.positions, among: known.positions, within: distance)
        let pairs = matches.enumerated().compactMap { index, match in
            match.map { (found: index, known: $0) }
        }
        let agreement = ClusterAgreement(
            clusters: pairs.map { clusters[$0.found] },
            classes: pairs.map { known.kindOf[$0.known] },
            clusterCount: count, classCount: known.kinds.count)
        (samples, compared, self.clusters) = (codes.positions.count, pairs.count, count)
        (accuracy, accuracyByChance) = (agreement.accuracy, agreement.chance)
        let (recalls, counts) = (agreement.recalls, agreement.classCounts)
        let errors = Self.angleErrors(of: codes, pairs.map(\.found), pairs.map(\.known), known)
        kinds = known.kinds.indices.map { kind in
            let some = pairs.indices.filter { known.kindOf[pairs[$0].known] == kind }
            return Kind(
                kind: known.kinds[kind], count: counts[kind], recall: recalls[kind],
                angleError: errors.map { errors in
                    some.reduce(0) { $0 + errors[$1] } / Double(some.count)
                },
                angleErrorByChance: errors.map { _ in 90 / Double(known.symmetries[kind]) })
        }
    }

    /// How far angles that were found are from those that are known, in degrees, after the best offset and in
    /// the best sense for each kind; nil if there are none of either.
    private static func angleErrors(
        of codes: PlacedCodes, _ found: [Int], _ places: [Int], _ known: KnownThings
    ) -> [Double]? {
        guard let angles = codes.columns.first(where: \.isAngle)?.values, let truth = known.angles
        else { return nil }
        func degrees(_ radians: Double) -> Double { radians * 180 / .pi }
        let told = found.map { degrees(angles[$0]) }
        let existing = places.map { degrees(truth[$0]) }
        let kinds = places.map { known.kindOf[$0] }
        let alignment = AngleAlignment(of: told, to: existing, classes: kinds) {
            [symmetries = known.symmetries] in 360 / Double(symmetries[$0])
        }
        return alignment.errors(of: told, to: existing, classes: kinds)
    }

    var text: String {
        var text =
            "\(Format.count(compared)) of \(Format.count(samples, "sample")) are where something is "
            + "known\nkinds of \(Format.count(clusters, "cluster")): "
            + "\(Format.percentage(accuracy)) right, by chance "
            + "\(Format.percentage(accuracyByChance))\n"
        for kind in kinds {
            text += "  \(kind.kind): \(Format.count(kind.count)), "
            text += "\(Format.percentage(kind.recall)) right"
            if let error = kind.angleError, let chance = kind.angleErrorByChance {
                text += String(format: ", angles wrong by %.1f°, by chance %.1f°", error, chance)
            }
            text += "\n"
        }
        return text
    }
}
