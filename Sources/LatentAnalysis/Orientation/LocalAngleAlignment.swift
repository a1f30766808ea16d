import Autograd
import Foundation

/// As ``AngleAlignment``, with an offset that changes from place to place in the space of contents.
///
/// Which way a thing lies is a convention where the thing itself can change: a leaning letter can be upright
/// and slanted, or straight and turned a little. A model that takes another convention for each shape
/// knows an angle as well as one that has ours, if its contents tell which. But contents that tell the
/// angle themselves would be taken for it: the same errors of one angle for all show how much they do.
public struct LocalAngleAlignment {
    private struct Samples {
        let places: Tensor
        let told: [Double]
        let truth: [Double]
        var sense = 1.0
    }

    private var samples: [Int: Samples] = [:]
    private let neighbours: Int
    private let symmetry: (Int) -> Double

    /// Traps unless there are as many of all.
    ///
    /// - Parameters:
    ///   - told: angles in degrees.
    ///   - truth: as many, anticlockwise.
    ///   - places: contents, `[samples, numbers]`.
    ///   - classes: of each; those of a class are read together.
    ///   - neighbours: how many samples an offset is the mean of.
    ///   - symmetry: of a class, the degrees after which its things are as before.
    public init(
        of told: [Double], to truth: [Double], at places: Tensor, classes: [Int],
        neighbours: Int = 20, symmetry: @escaping (Int) -> Double
    ) {
        Self.check(told, truth, places, classes)
        (self.neighbours, self.symmetry) = (neighbours, symmetry)
        for kind in Set(classes) {
            let positions = classes.indices.filter { classes[$0] == kind }
            var own = Samples(
                places: places.gathered(at: Tensor(positions.map { Int32($0) })),
                told: positions.map { told[$0] }, truth: positions.map { truth[$0] })
            guard positions.count > 1 else { continue }
            let near = NearestNeighbours(
                among: own.places, count: min(neighbours, positions.count - 1))
            own.sense =
                [1.0, -1].map { sense in
                    (
                        sense,
                        errors(of: own.told, to: own.truth, near, own, sense, kind).reduce(0, +)
                    )
                }.min { $0.1 < $1.1 }?.0 ?? 1
            samples[kind] = own
        }
    }

    /// How far angles that are told are from the truth, in degrees from 0 to half the symmetry. Those of
    /// classes that were not there before, or only once, are read as they are.
    public func errors(
        of told: [Double], to truth: [Double], at places: Tensor, classes: [Int]
    ) -> [Double] {
        Self.check(told, truth, places, classes)
        var all = told.indices.map {
            distance(told[$0], truth[$0], modulo: symmetry(classes[$0]))
        }
        for (kind, known) in samples {
            let positions = classes.indices.filter { classes[$0] == kind }
            guard !positions.isEmpty else { continue }
            let near = NearestNeighbours(
                of: places.gathered(at: Tensor(positions.map { Int32($0) })), in: known.places,
                count: min(neighbours, known.told.count))
            let found = errors(
                of: positions.map { told[$0] }, to: positions.map { truth[$0] }, near, known,
                known.sense, kind)
            for (position, error) in zip(positions, found) { all[position] = error }
        }
        return all
    }

    private func errors(
        of told: [Double], to truth: [Double], _ near: NearestNeighbours, _ known: Samples,
        _ sense: Double, _ kind: Int
    ) -> [Double] {
        let period = symmetry(kind)
        let count = near.positions.shape[1]
        let positions = near.positions.elements(as: Int32.self).map { Int($0) }
        return told.indices.map { index in
            // The circular mean of how far the truth is ahead.
            var (x, y) = (0.0, 0.0)
            for position in positions[index * count..<(index + 1) * count] {
                let ahead = known.truth[position] - sense * known.told[position]
                x += cos(2 * .pi * ahead / period)
                y += sin(2 * .pi * ahead / period)
            }
            let offset = atan2(y, x) / (2 * .pi) * period
            return distance(sense * told[index] + offset, truth[index], modulo: period)
        }
    }

    private static func check(
        _ told: [Double], _ truth: [Double], _ places: Tensor, _ classes: [Int]
    ) {
        requireAsMany(told, truth, classes, in: "LocalAngleAlignment")
        guard places.rank == 2, places.shape[0] == told.count else {
            programmerError(
                "LocalAngleAlignment",
                "\(told.count) angles with places of shape \(places.shape)")
        }
    }
}
