import Autograd
import Distributions
import Foundation

/// An encoder of codes whose first number is an angle on a circle, with a von Mises distribution around a
/// direction, and whose others are normal. The direction is given as a point of the plane, so that
/// nothing jumps where an angle goes over π.
///
/// It looks at each image in several turns, of which the first is that where moments put its longest axis
/// to the right, and tells of each how likely the image lies upright then, and what it shows: so it need not
/// read a thing in any orientation (the attention over rotations of Nasiri and Bepler, "Unsupervised Object
/// Representation Learning using Translation and Rotation Group Equivariant VAE", arXiv:2210.12918, here
/// summed out). The posterior is a mixture over the turns, of which each is drawn, and counts as it is
/// likely.
public struct PoseEncoder<Body: Layer>: VariationalEncoder {
    /// Gives the features of an image in a turn, and of them the normal numbers.
    public var base: GaussianEncoder<Body>
    /// From features to the point in whose direction the angle lies.
    public var direction: Dense
    /// From features to the logarithm of the concentration around it, which is bounded to ±10.
    public var logConcentration: Dense
    /// From features to the logarithm, up to a constant, of how likely an image lies upright.
    public var upright: Dense
    /// How many turns there are, at equal distances.
    public let turns: Int

    private let sampleShape: [Int]
    /// Whether the first two normal numbers are a shift, to the right and downwards.
    private let hasShifts: Bool

    /// Traps if there is no turn.
    ///
    /// - Parameters:
    ///   - base: of the numbers besides the angle.
    ///   - features: that its body computes of an image.
    ///   - sampleShape: of an image.
    ///   - hasShifts: whether the first two of the numbers besides the angle are a shift, to the right and
    ///     downwards.
    public init(
        base: GaussianEncoder<Body>, features: Int, of sampleShape: [Int], turns: Int = 2,
        hasShifts: Bool = false, using generator: inout RandomGenerator
    ) {
        guard turns > 0 else { programmerError("PoseEncoder", "\(turns) turns") }
        (self.base, self.turns) = (base, turns)
        (self.sampleShape, self.hasShifts) = (sampleShape, hasShifts)
        direction = Dense(features, 2, using: &generator)
        logConcentration = Dense(features, 1, using: &generator)
        upright = Dense(features, 1, using: &generator)
        // At first what the turn is, within 6 degrees: angles of all directions would teach the decoder
        // to do without.
        direction.bias = Tensor([1, 0] as [Float])
        logConcentration.bias = Tensor(repeating: 4.6, shape: [1])
    }

    public var latentSize: Int { base.latentSize + 1 }

    public func callAsFunction(
        _ input: Tensor, in context: inout PassContext
    ) -> Mixture<Joined<Independent<VonMises>, Independent<Normal>>> {
        posterior(of: input, features: { images, _ in images }, in: &context)
    }

    public func posterior(
        of input: Tensor, features: (Tensor, inout PassContext) -> Tensor,
        in context: inout PassContext
    ) -> Output {
        let images = turned(input)
        let seen = base.features(of: features(images.turned, &context), in: &context)
        let turn = images.repeated(toRows: seen.shape[0])
        let point = turn.back(direction(seen, in: &context))
        let concentration = exp(softlyBounded(logConcentration(seen, in: &context), to: 10))
        let numbers = base.posterior(of: seen, in: &context)
        let others = hasShifts ? turn.shiftedBack(numbers) : numbers
        func byTurn(_ values: Tensor) -> Tensor {
            values.reshaped([-1, turns] + values.shape.dropFirst())
        }
        return Mixture(
            logits: byTurn(upright(seen, in: &context)).squeezed(axes: [2]),
            components: Joined(
                Independent(
                    VonMises(
                        location: byTurn(atan2(point[.all, 1..<2], point[.all, 0..<1])),
                        concentration: byTurn(concentration)),
                    axes: 1),
                Independent(
                    Normal(
                        mean: byTurn(others.mean), logVariance: byTurn(others.logVariance)),
                    axes: 1)))
    }

    /// Each image in all turns, one after another.
    private func turned(_ input: Tensor) -> Turn {
        let steps = (0..<turns).map { 2 * Double.pi * Double($0) / Double(turns) }
        let first = Turn.moments(of: input, sampleShape).expandingAxis(1)
        return Turn(
            of: input.repeated(turns, axis: 0),
            by: (first + Tensor(steps).cast(to: input.dataType)).reshaped([-1]), sampleShape)
    }

    public func draw(
        _ count: Int, from posterior: Output, using generator: inout RandomGenerator
    ) -> PosteriorDraw {
        .ofEachComponent(count, of: posterior, using: &generator)
    }

    /// What the image shows in the likeliest turn: between turns there need be nothing.
    public func centre(of posterior: Output) -> Tensor {
        let likeliest = oneHot(
            stopGradient(posterior.logits).argmax(), depth: turns, dataType: posterior.dataType)
        return (likeliest.expandingAxis(2) * posterior.components.mean).sum(axes: [1])
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.inline("base", &base)
        visitor("direction", &direction)
        visitor("logConcentration", &logConcentration)
        visitor("upright", &upright)
    }
}
