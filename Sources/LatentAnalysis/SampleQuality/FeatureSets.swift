import Autograd
import Datasets

/// Two sets of feature vectors that are compared with each other, in double precision.
struct FeatureSets {
    /// `[n, features]`.
    let first: Tensor
    /// `[m, features]`.
    let second: Tensor

    /// Traps if the widths differ, there are fewer than `least` vectors in a set, or an element is
    /// not finite.
    init(_ first: Tensor, _ second: Tensor, least: Int, for operation: String) {
        let shapes = "features of shape \(first.shape) and \(second.shape)"
        guard first.rank == 2, second.rank == 2, first.shape[1] == second.shape[1],
            first.shape[1] > 0
        else {
            programmerError(
                operation, "\(shapes), expected vectors of one width, [count, features]")
        }
        guard min(first.shape[0], second.shape[0]) >= least else {
            programmerError(operation, "\(shapes), expected at least \(least) vectors in each")
        }
        requireFinite(first, operation, "feature vector")
        requireFinite(second, operation, "feature vector")
        (self.first, self.second) = (first.cast(to: .float64), second.cast(to: .float64))
    }

    /// The same in a unit, a power of two, in which no square overflows.
    var scaled: (first: Tensor, second: Tensor, unit: Double) {
        let unit = powerOfTwo(near: max(first.greatestMagnitude, second.greatestMagnitude))
        return (first / unit, second / unit, unit)
    }
}
