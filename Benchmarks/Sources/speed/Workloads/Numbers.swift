import Autograd

/// Numbers that every participant of a comparison makes for itself, whatever its language: the
/// element at a position follows from a name and that position alone.
///
/// The name is hashed to a seed (FNV-1a, 64 bits), and the element is the upper 24 bits of that
/// place of the sequence splitmix64 (Steele et al., "Fast Splittable Pseudorandom Number
/// Generators", 2014).
enum Numbers {
    /// Uniform in [0, 1), in steps of 2⁻²⁴.
    static func uniform(_ name: String, _ shape: [Int]) -> Tensor {
        let seed = hash(name)
        return Tensor(shape: shape, as: Float.self) { elements in
            var state = seed
            for index in elements.indices {
                state &+= 0x9E37_79B9_7F4A_7C15
                elements.initializeElement(at: index, to: Float(mixed(state) >> 40) * 0x1p-24)
            }
        }
    }

    /// Uniform in [−bound, bound).
    static func symmetric(_ name: String, _ shape: [Int], bound: Double) -> Tensor {
        (2 * uniform(name, shape) - 1) * bound
    }

    /// Of mean 0 and variance 1: uniform all the same, so that no two libraries' logarithms can
    /// make a difference.
    static func standardized(_ name: String, _ shape: [Int]) -> Tensor {
        symmetric(name, shape, bound: 3.0.squareRoot())
    }

    /// Uniform in [lower, upper).
    static func uniform(
        _ name: String, _ shape: [Int], from lower: Double, to upper: Double
    ) -> Tensor {
        lower + (upper - lower) * uniform(name, shape)
    }

    /// 1 with the probability given, else 0.
    static func binary(_ name: String, _ shape: [Int], probability: Double) -> Tensor {
        (uniform(name, shape) .< probability).cast(to: .float32)
    }

    /// Equally likely positions from 0 to `count` − 1, of `int32`.
    static func indices(_ name: String, _ shape: [Int], below count: Int) -> Tensor {
        floor(uniform(name, shape) * Double(count)).cast(to: .int32)
    }

    private static func hash(_ name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }

    private static func mixed(_ state: UInt64) -> UInt64 {
        var bits = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}

/// Two numbers for each tensor by which results are compared: the mean of the magnitudes, and
/// the mean of the elements weighted with numbers from 0 to 1, which depends on their order.
func checksums(_ tensors: [Tensor]) -> [Double] {
    tensors.enumerated().flatMap { position, tensor in
        let elements = tensor.cast(to: .float64).reshaped([-1])
        let weights = Numbers.uniform("check/\(position)", elements.shape).cast(to: .float64)
        return [abs(elements).mean().scalar, (elements * weights).mean().scalar]
    }
}
