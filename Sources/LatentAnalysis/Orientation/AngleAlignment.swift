import Autograd
import Foundation

/// How the angles that a model tells have to be read: where those of a class count from, and in which
/// sense. Without labels a model may call any orientation of a thing upright, and turn the other way.
public struct AngleAlignment: Sendable {
    private struct Reading {
        var sense = 1.0
        var offset = 0.0

        /// What it makes of an angle that is told, in degrees.
        func callAsFunction(_ told: Double) -> Double { sense * told + offset }
    }

    private var readings: [Int: Reading] = [:]
    private let symmetry: @Sendable (Int) -> Double

    /// Finds for each class the offset, to a tenth of a degree, and the sense with the least mean error.
    ///
    /// - Parameters:
    ///   - told: angles in degrees.
    ///   - truth: as many, anticlockwise.
    ///   - classes: of each.
    ///   - symmetry: of a class, the degrees after which its things are as before.
    public init(
        of told: [Double], to truth: [Double], classes: [Int],
        symmetry: @escaping @Sendable (Int) -> Double
    ) {
        requireAsMany(told, truth, classes, in: "AngleAlignment")
        self.symmetry = symmetry
        for kind in Set(classes) {
            let positions = classes.indices.filter { classes[$0] == kind }
            let period = symmetry(kind)
            func error(_ reading: Reading) -> Double {
                positions.reduce(0) {
                    $0 + distance(reading(told[$1]), truth[$1], modulo: period)
                }
            }
            func best(_ readings: [Reading]) -> Reading {
                readings.map { ($0, error($0)) }.min { $0.1 < $1.1 }?.0 ?? Reading()
            }
            let coarse = best(
                [1.0, -1.0].flatMap { sense in
                    stride(from: 0, to: period, by: 2).map { Reading(sense: sense, offset: $0) }
                })
            readings[kind] = best(
                (-20...20).map { tenths in
                    Reading(sense: coarse.sense, offset: coarse.offset + Double(tenths) / 10)
                })
        }
    }

    /// How far angles that are told are from the truth, in degrees from 0 to half the symmetry. Those of
    /// classes that were not there before are read as they are.
    public func errors(of told: [Double], to truth: [Double], classes: [Int]) -> [Double] {
        requireAsMany(told, truth, classes, in: "AngleAlignment")
        return told.indices.map { index in
            let reading = readings[classes[index]] ?? Reading()
            return distance(
                reading(told[index]), truth[index], modulo: symmetry(classes[index]))
        }
    }
}

/// The correlation of angles in degrees, from −1 to 1, whatever they count from; 0 if all of one kind are
/// equal (Jammalamadaka and SenGupta, "Topics in Circular Statistics", 2001, equation 8.2.2). Traps
/// unless there are as many of both.
public func circularCorrelation(of a: [Double], with b: [Double]) -> Double {
    guard a.count == b.count else {
        programmerError("circularCorrelation", "\(a.count) angles with \(b.count)")
    }
    func sines(_ angles: [Double]) -> [Double] {
        let radians = angles.map { $0 * .pi / 180 }
        let middle = atan2(
            radians.reduce(0) { $0 + sin($1) }, radians.reduce(0) { $0 + cos($1) })
        return radians.map { sin($0 - middle) }
    }
    let (x, y) = (sines(a), sines(b))
    func sum(_ p: [Double], _ q: [Double]) -> Double { zip(p, q).reduce(0) { $0 + $1.0 * $1.1 } }
    let scale = (sum(x, x) * sum(y, y)).squareRoot()
    return scale > 0 ? sum(x, y) / scale : 0
}

/// From 0 to half the period.
func distance(_ a: Double, _ b: Double, modulo period: Double) -> Double {
    abs((a - b).remainder(dividingBy: period))
}

func requireAsMany(
    _ told: [Double], _ truth: [Double], _ classes: [Int], in operation: String
) {
    guard told.count == truth.count, classes.count == truth.count else {
        programmerError(
            operation,
            "\(told.count) angles with \(truth.count) true ones of \(classes.count) classes")
    }
}
