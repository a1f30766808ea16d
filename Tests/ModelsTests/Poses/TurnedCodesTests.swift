import Autograd
import Datasets
import Distributions
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// Codes of turned images beside turned codes.
@Suite struct TurnedCodesTests {
    /// What a pass is of whose encoder is any function.
    private struct Output: HasLatentVariables, HasEncoder {
        let encoderInput: Tensor
        let encode: @Sendable (Tensor) -> Tensor
        var draws: Draws { .one }
        var code: Tensor { encode(encoderInput) }
        var latentVariables: [LatentVariable] { [] }
    }

    private static let side = 21

    /// A soft spot at some place of each image, on black.
    private static let images: Tensor = {
        let points = pixelCoordinates(height: side, width: side, dataType: .float64)
        let spots = [(0.5, 0.0), (-0.2, 0.4), (0.1, -0.5), (-0.4, -0.3)].map { x, y in
            exp(-square(points - Tensor([x, y])).sum(axes: [1]) * 40)
        }
        return stacked(spots).reshaped([spots.count, side, side])
    }()

    /// The direction of the centre of mass, anticlockwise, and its distance from the middle.
    @Sendable private static func direction(_ images: Tensor) -> Tensor {
        let points = pixelCoordinates(height: side, width: side, dataType: .float64)
        let weights = images.reshaped([-1, side * side])
        let centre = matmul(weights, points) / weights.sum(axes: [1], keepingAxes: true)
        let (x, y) = (centre[.all, 0..<1], centre[.all, 1..<2])
        return concatenated([atan2(-y, x), sqrt(square(x) + square(y))], axis: 1)
    }

    private func values(
        _ layout: PoseLayout = PoseLayout(angle: .circular), seed: UInt64 = 1,
        encode: @escaping @Sendable (Tensor) -> Tensor
    ) -> [Double] {
        var context = PassContext.training(RandomGenerator(seed: seed))
        let pass = ForwardPass(
            Output(encoderInput: Self.images, encode: encode), of: Batch(Self.images),
            in: &context)
        return TurnedCodes<Output>(layout)(pass).elements(as: Double.self)
    }

    @Test func whatTurnsWithTheImageCostsNothing() {
        for seed in UInt64(0)..<5 {
            #expect(values(seed: seed) { Self.direction($0) }.allSatisfy { $0 < 5e-3 })
        }
        // In another unit.
        let halves = PoseLayout(angle: .normal(deviation: 2))
        let same = values(halves) { Self.direction($0) * Tensor([0.5, 1]) }
        #expect(same.allSatisfy { $0 < 5e-3 })
    }

    @Test func theOtherSenseAndStandingStillCost() {
        let mirrored = (0..<20).flatMap { seed in
            values(seed: seed) { Self.direction($0) * Tensor([-1, 1]) }
        }
        let still = (0..<20).flatMap { seed in
            values(seed: seed) { Self.direction($0) * Tensor([0, 1]) }
        }
        // 1 − cos of even angles has the mean 1.
        for all in [mirrored, still] {
            #expect(abs(all.reduce(0, +) / Double(all.count) - 1) < 0.25)
        }
    }

    @Test func contentsMayNotTurn() {
        // A content that is where the spot is along one axis: half the mean square of its way is 0.118,
        // its variance among the four images 0.115; and saying less of it is no better.
        for scale in [1, 0.1] {
            let all = (0..<20).flatMap { seed in
                values(seed: seed) { images in
                    let code = Self.direction(images)
                    let along = scale * code[.all, 1..<2] * cos(code[.all, 0..<1])
                    return concatenated([code[.all, 0..<1], along], axis: 1)
                }
            }
            #expect(abs(all.reduce(0, +) / Double(all.count) - 1.02) < 0.3)
        }
        // Contents that say nothing cost nothing.
        #expect(values { $0.flattened()[.all, 0..<2] * 0 }.allSatisfy { $0.isFinite })
    }

    @Test func itTeachesAnEncoder() {
        let images = Self.images
        var angles = Tensor([0.3, 0.1], shape: [1, 2]).cast(to: .float64)
        // The angle of a linear function of the centre of mass: learned to be that of the spot.
        func loss(_ weights: Tensor, _ seed: UInt64) -> Tensor {
            var context = PassContext.training(RandomGenerator(seed: seed))
            let output = Output(encoderInput: images) { images in
                let code = Self.direction(images)
                let turned = code[.all, 0..<1] * weights[0, 0] + weights[0, 1]
                return concatenated([turned, code[.all, 1..<2]], axis: 1)
            }
            let pass = ForwardPass(output, of: Batch(images), in: &context)
            return TurnedCodes<Output>(PoseLayout(angle: .circular))(pass).mean()
        }
        var last = 0.0
        for step in 0..<300 {
            let (value, gradient) = valueWithGradient(at: angles) { loss($0, UInt64(step)) }
            angles = angles - 0.03 * gradient
            last = value.scalar
        }
        #expect(last < 0.05, "\(angles)")
    }
}
