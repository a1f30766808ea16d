import Autograd

/// A scale for the numbers of samples: (x − shift) / unit.
public struct SampleScale: Sendable {
    /// What is subtracted, in a shape that broadcasts to samples.
    public let shift: Tensor
    /// What is divided by.
    public let unit: Tensor
    /// Whether scaled numbers are limited to 0 … 1.
    public let isLimited: Bool

    /// Traps if a unit is not positive and finite, or a shift not finite.
    public init(shift: Tensor, unit: Tensor, isLimited: Bool = false) {
        guard shift.allFinite, unit.allFinite, (unit .> 0).all().scalar == 1 else {
            programmerError("SampleScale", "a shift or unit is not finite, or a unit not positive")
        }
        (self.shift, self.unit, self.isLimited) = (shift, unit, isLimited)
    }

    /// The scaled numbers of samples.
    public func scaled(_ samples: Tensor) -> Tensor {
        let type = samples.dataType
        let scaled = (samples - shift.cast(to: type)) / unit.cast(to: type)
        return isLimited ? clamp(scaled, from: 0, through: 1) : scaled
    }

    /// The samples of scaled numbers.
    public func unscaled(_ numbers: Tensor) -> Tensor {
        numbers * unit.cast(to: numbers.dataType) + shift.cast(to: numbers.dataType)
    }

    /// The logarithm of the factor by which scaling makes the density of samples of a shape greater.
    func logDensityFactor(of sampleShape: [Int]) -> Double {
        log(unit.cast(to: .float64)).broadcast(to: sampleShape).sum().scalar
    }
}
