import Autograd

/// A distribution that the codes of an adversarial autoencoder are to have, as an option (Makhzani et
/// al., "Adversarial Autoencoders", arXiv:1511.05644, section 2): it only has to be drawn from.
public enum CodeTarget: String, NamedOptionValue {
    /// The standard normal distribution, of codes of any size.
    case normal
    /// Ten normal distributions around a circle of radius 2, with a standard deviation of 0.5 along the
    /// radius and of 0.15 across: codes of two numbers.
    case mixture
    /// A strip that is rolled up around the origin twice, to radius 3, and covered evenly by angle and
    /// radius together: codes of two numbers.
    case swissRoll = "swiss-roll"

    /// Whether its codes have two numbers.
    var isPlanar: Bool { self != .normal }

    /// Draws, `[count, size]`. Traps if they are of another size.
    public func sample(
        _ count: Int, size: Int, as dataType: DataType = .float32,
        using generator: inout RandomGenerator
    ) -> Tensor {
        guard size == 2 || !isPlanar else {
            programmerError("CodeTarget", "codes of \(size) numbers for a \(rawValue)")
        }
        switch self {
        case .normal: return generator.normal([count, size], dataType: dataType)
        case .mixture:
            let parts = generator.integers([count], in: 0..<10).cast(to: dataType)
            let noise = generator.normal([count, 2], dataType: dataType)
            return Self.points(
                angle: parts * (0.2 * Double.pi), along: 2 + 0.5 * noise[.all, 0],
                across: 0.15 * noise[.all, 1])
        case .swissRoll:
            let place = sqrt(generator.uniform([count], dataType: dataType))
            return Self.points(
                angle: place * (4 * Double.pi), along: 3 * place, across: 0 * place)
        }
    }

    /// Points in the plane, `[count, 2]`, by the direction in which they lie.
    private static func points(angle: Tensor, along: Tensor, across: Tensor) -> Tensor {
        stacked(
            [along * cos(angle) - across * sin(angle), along * sin(angle) + across * cos(angle)],
            axis: 1)
    }
}
