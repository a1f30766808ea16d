import Autograd

/// A layer with one weight whose first axis is that of its outputs: what can be normalised by its
/// singular values.
public protocol HasWeight: Layer {
    /// `[outputs, …]`.
    var weight: Tensor { get set }
}

extension Dense: HasWeight {}
extension Convolution2D: HasWeight {}

/// A layer whose weight is divided by its greatest singular value, so that it multiplies no distance by
/// more than 1 (Miyato et al., "Spectral Normalization for Generative Adversarial Networks",
/// arXiv:1802.05957): shapes are those of the layer.
///
/// The value is σ = uᵀ W v with the singular vectors u and v, which are followed by power iteration
/// (algorithm 1): a step in each training pass, none in evaluation mode. They count as constants, so that
/// the gradient of W / σ is that of equation 12. The filters of a convolution are the matrix
/// `[outputs, inputs · kernel area]`, whose greatest singular value is not exactly that of the
/// convolution. The bias is left as it is.
public struct SpectralNormalization<Body: HasWeight>: Layer {
    /// The layer; its weight is the one that is learned, before it is divided.
    public var layer: Body
    /// u, `[outputs]`, state that is not trained.
    public var left: Tensor
    /// v, `[columns]`, state that is not trained.
    public var right: Tensor
    /// The steps of the power iteration in a training pass.
    public let iterations: Int

    /// Traps if there are no iterations, or the weight has no elements.
    ///
    /// - Parameter iterations: in a training pass; the vectors start with fifteen more.
    public init(_ layer: Body, iterations: Int = 1, using generator: inout RandomGenerator) {
        guard iterations > 0, layer.weight.count > 0, layer.weight.rank > 1 else {
            programmerError(
                "SpectralNormalization",
                "\(iterations) iterations for a weight of shape \(layer.weight.shape)")
        }
        self.layer = layer
        self.iterations = iterations
        let matrix = layer.weight.flattened()
        left = Self.unit(generator.normal([matrix.shape[0]], dataType: matrix.dataType))
        right = Self.unit(generator.normal([matrix.shape[1]], dataType: matrix.dataType))
        (left, right) = Self.iterated(15, left, right, of: matrix)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        var normalized = layer
        normalized.weight = layer.weight / greatestSingularValue(in: &context)
        return normalized(input, in: &context)
    }

    /// σ, at least a number so small that weights of zeros stay what they are.
    func greatestSingularValue(in context: inout PassContext) -> Tensor {
        let matrix = layer.weight.flattened()
        var (u, v) = (
            context.current(left).cast(to: matrix.dataType),
            context.current(right).cast(to: matrix.dataType)
        )
        if context.isTraining {
            (u, v) = Self.iterated(iterations, u, v, of: stopGradient(matrix))
            context.update(left, to: u.cast(to: left.dataType))
            context.update(right, to: v.cast(to: right.dataType))
        }
        let image = matmul(matrix, stopGradient(v).expandingAxis(1)).flattened(fromAxis: 0)
        return maximum((stopGradient(u) * image).sum(), 1e-12)
    }

    /// v ← Wᵀ u, u ← W v, each of length 1.
    private static func iterated(
        _ count: Int, _ left: Tensor, _ right: Tensor, of matrix: Tensor
    ) -> (left: Tensor, right: Tensor) {
        var (u, v) = (left, right)
        for _ in 0..<count {
            v = unit(matmul(u.expandingAxis(0), matrix).flattened(fromAxis: 0), otherwise: v)
            u = unit(matmul(matrix, v.expandingAxis(1)).flattened(fromAxis: 0), otherwise: u)
        }
        return (u, v)
    }

    /// A vector of length 1 in the direction of another; of zeros another one.
    private static func unit(_ vector: Tensor, otherwise other: Tensor? = nil) -> Tensor {
        let length = vector.norm()
        guard length.scalar > 0 else { return other ?? vector }
        return vector / length
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("layer", &layer)
        visitor.state("left", &left)
        visitor.state("right", &right)
    }
}
