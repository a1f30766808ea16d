import Autograd
import Datasets

/// Samples whose squares neither overflow nor vanish: usually unchanged, otherwise in double
/// precision and, if that is not enough, divided by a power of two.
struct SafeSquares {
    /// With zeros in place of samples that are not finite: they have no distances, and must not
    /// affect those of others.
    let values: [Tensor]
    /// Which samples of each tensor are finite, `[n]`; nil if all are.
    let areFinite: [Tensor?]
    /// The divisor of the values.
    let unit: Double

    init(_ samples: Tensor...) {
        let plain = samples.map { numbers($0).flattened() }
        areFinite = plain.map { $0.allFinite ? nil : $0.isFinite.all(axes: [1]) }
        let finite = zip(plain, areFinite).map { values, isFinite in
            isFinite.map { select($0.expandingAxis(1), values, Tensor.zeros(like: values)) }
                ?? values
        }
        let greatest = finite.reduce(0) { max($0, $1.greatestMagnitude) }
        let isSingle = finite.contains { $0.dataType == .float32 }
        let isSafe =
            greatest == 0 || (isSingle ? 1e-10...1e15 : 1e-100...1e100).contains(greatest)
        let unit = isSafe || 1e-100...1e100 ~= greatest ? 1 : powerOfTwo(near: greatest)
        self.unit = unit
        values = isSafe ? finite : finite.map { $0.cast(to: .float64) * (1 / unit) }
    }
}
