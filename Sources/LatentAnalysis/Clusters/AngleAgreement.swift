import Autograd
import Foundation

/// How far angles that were found are those that there are, but for an offset: where nobody said which way
/// is up, a model chooses one.
public struct AngleAgreement: Sendable, Hashable, Codable {
    /// What is to be subtracted from found angles, in radians: the circular mean of the differences.
    public let offset: Double
    /// The mean distance on the circle after that, in radians; NaN without samples.
    public let meanError: Double
    /// What it would be if angles were found at random: a quarter of the turn after which things are as
    /// before.
    public let chance: Double

    /// Traps unless there are equally many angles, and the symmetry is positive.
    ///
    /// - Parameters:
    ///   - found: in radians.
    ///   - known: in radians, in the same direction.
    ///   - symmetry: by how many angles of a whole turn things look alike: differences count modulo a turn
    ///     divided by it.
    public init(found: [Double], known: [Double], symmetry: Int) {
        guard found.count == known.count, symmetry > 0 else {
            programmerError(
                "AngleAgreement",
                "\(found.count) and \(known.count) angles, a symmetry of \(symmetry)")
        }
        let fold = Double(symmetry)
        let differences = zip(found, known).map { fold * ($0 - $1) }
        let offset = atan2(
            differences.reduce(0) { $0 + sin($1) }, differences.reduce(0) { $0 + cos($1) })
        let errors = differences.map { abs(remainder($0 - offset, 2 * .pi)) / fold }
        self.offset = offset / fold
        meanError = errors.reduce(0, +) / Double(errors.count)
        chance = .pi / (2 * fold)
    }
}
