import Autograd

/// How gradients pass from a vector of a codebook to the vector that it replaces: a choice among codes has
/// no derivative of its own.
public enum QuantizationGradient: String, NamedOptionValue {
    /// As if the step from one to the other were the identity, z + stop(e − z) (Bengio, Léonard and
    /// Courville, arXiv:1308.3432; van den Oord et al., arXiv:1711.00937, section 3.2).
    case straightThrough = "straight-through"
    /// As if the vector were turned and scaled to the code's place by a constant matrix, so that what
    /// pushes the code along pushes the vector along, and what pushes it aside turns with it (Fifty et al.,
    /// "Restructuring Vector Quantization with the Rotation Trick", arXiv:2410.06424, equation 4).
    case rotation

    /// The nearest codes of vectors, `[vectors, size]`, with gradients to these alone.
    func passed(_ codes: Tensor, along vectors: Tensor) -> Tensor {
        switch self {
        case .straightThrough: Autograd.straightThrough(codes, along: vectors)
        // The value is the code itself, without the rounding of a rotation.
        case .rotation:
            Autograd.straightThrough(codes, along: rotated(vectors, to: stopGradient(codes)))
        }
    }

    /// λ R z with the rotation R = I − 2 r rᵀ + 2 q̂ ẑᵀ from the direction ẑ to q̂, between which r lies, and
    /// the ratio λ of lengths; R and λ are constant. A vector or a code of length 0 has no direction: there it is the
    /// identity.
    private func rotated(_ vectors: Tensor, to codes: Tensor) -> Tensor {
        let fixed = stopGradient(vectors)
        let (length, target) = (
            fixed.norm(axes: [1], keepingAxes: true), codes.norm(axes: [1], keepingAxes: true)
        )
        let hasDirections = (length .> 0) .& (target .> 0)
        let one = Tensor.ones(like: length)
        let (divisor, ratio) = (
            select(hasDirections, length, one),
            select(hasDirections, target, one) / select(hasDirections, length, one)
        )
        let (own, other) = (fixed / divisor, codes / select(hasDirections, target, one))
        let between = own + other
        let width = between.norm(axes: [1], keepingAxes: true)
        // Of opposite directions none is in between; then R reflects one to the other.
        let middle = between / select(width .> 0, width, one)
        func along(_ direction: Tensor) -> Tensor {
            (vectors * direction).sum(axes: [1], keepingAxes: true)
        }
        let turned = vectors - 2 * along(middle) * middle + 2 * along(own) * other
        return select(hasDirections, ratio * turned, vectors)
    }
}
