import Autograd
import Datasets
import Distributions
import Foundation
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// How things lie in images.
@Suite struct PoseTests {
    private static func decoder(
        _ layout: PoseLayout, share: Double = 1, sampleShape: [Int] = [9, 9],
        hasSkips: Bool = false
    ) -> CoordinateDecoder {
        var generator = RandomGenerator(seed: 3)
        return CoordinateDecoder(
            CoordinateNetwork(
                contentSize: 2, hiddenSizes: [16, 16],
                outputs: sampleShape.count == 3 ? sampleShape[0] : 1, hasSkips: hasSkips,
                using: &generator),
            likelihood: .bernoulli(BernoulliDecoder(Sequential([]))), layout: layout,
            sampleShape: sampleShape, share: share)
    }

    private static func numbers(_ x: Tensor) -> [Float] { x.elements(as: Float.self) }

    @Test func placesAreThoseOfTheThing() {
        let points = Tensor([0, -1, 1, 0], shape: [2, 2]).cast(to: .float64)
        func places(_ poses: Poses) -> [Double] {
            poses.places(of: points).elements(as: Double.self).map { ($0 * 1e9).rounded() / 1e9 }
        }
        #expect(places(Poses()) == [0, -1, 1, 0])
        // What was to the right of a thing is above it after a quarter turn.
        #expect(places(Poses(angles: Tensor([Double.pi / 2]))) == [1, 0, 0, 1])
        #expect(
            places(Poses(shifts: Tensor([0.5, 0.25], shape: [1, 2]))) == [-0.5, -1.25, 0.5, -0.25])
        #expect(places(Poses(scales: Tensor([2.0]))) == [0, -0.5, 0.5, 0])
        // Moved back first, then turned, then shrunk.
        let all = Poses(
            angles: Tensor([Double.pi / 2]), shifts: Tensor([1.0, 0], shape: [1, 2]),
            scales: Tensor([0.5]))
        #expect(places(all) == [2, -2, 0, 0])
    }

    @Test func codesHaveAPoseAndAContent() {
        let layout = PoseLayout(
            angle: .normal(deviation: 2), shiftDeviation: 0.1, scaleDeviation: 0.5)
        #expect(layout.count == 4)
        let codes = Tensor([0.5, 1, -2, 1, 7, 8], shape: [1, 6])
        let poses = layout.poses(of: codes)
        #expect(poses.angles?.scalar == 1)
        #expect(
            poses.shifts.map { abs($0 - Tensor([0.1, -0.2], shape: [1, 2])).max().scalar < 1e-9 }
                == true)
        #expect(poses.scales.map { abs($0.scalar - exp(0.5)) < 1e-6 } == true)
        #expect(layout.content(of: codes).shape == [1, 2])
        #expect(PoseLayout(angle: .circular).poses(of: codes).angles?.scalar == 0.5)
        #expect(PoseLayout(angle: .none).count == 0)
    }

    /// Whatever the network says, another angle turns the image, and a shift moves it.
    @Test(arguments: [false, true]) func imagesTurnAndMove(hasSkips: Bool) {
        let decoder = Self.decoder(
            PoseLayout(angle: .circular, shiftDeviation: 1), hasSkips: hasSkips)
        func image(_ angle: Float, _ right: Float, _ down: Float) -> [[Float]] {
            let mean = decoder(Tensor([angle, right, down, 0.3, -0.8], shape: [1, 5])).mean
            let pixels = Self.numbers(mean)
            return (0..<9).map { Array(pixels[$0 * 9..<($0 + 1) * 9]) }
        }
        let upright = image(0, 0, 0)
        let turned = image(.pi / 2, 0, 0)
        // A pixel is a quarter of a half width.
        let moved = image(0, 0.5, -0.25)
        for row in 0..<9 {
            for column in 0..<9 {
                #expect(abs(turned[row][column] - upright[column][8 - row]) < 1e-5)
                if column >= 2, row < 8 {
                    #expect(abs(moved[row][column] - upright[row + 1][column - 2]) < 1e-5)
                }
            }
        }
        #expect(Set(upright.joined()).count > 60)
    }

    /// A channel of an image is what one output of the network says.
    @Test func coloursAreChannels() {
        let decoder = Self.decoder(PoseLayout(angle: .none), sampleShape: [3, 4, 5])
        let code = Tensor([Float(0.3), -0.8], shape: [1, 2])
        #expect(decoder(code).shape == [1, 3, 4, 5])
        var context = PassContext.evaluation
        let points = pixelCoordinates(height: 4, width: 5)
        let said = decoder.network(points.expandingAxis(0), code, in: &context)
        let mean = decoder(code).mean
        for channel in 0..<3 {
            let expected = sigmoid(said[0, .all, channel])
            #expect(abs(mean[0, channel].flattened(fromAxis: 0) - expected).max().scalar < 1e-6)
        }
    }

    /// Two halves of the pixels together say what all of them say.
    @Test(arguments: [[4, 6], [3, 4, 6]]) func somePixelsStandForAll(sampleShape: [Int]) {
        var generator = RandomGenerator(seed: 8)
        let channels = sampleShape.count == 3 ? 3 : 1
        let logits = generator.normal([5, 24, channels], dataType: .float64)
        let images = (generator.uniform([2, 5] + sampleShape) .> 0.5).cast(to: .float64)
        let order = generator.permutation(24).map { Int32($0) }
        func part(_ places: ArraySlice<Int32>) -> Tensor {
            let chosen = Tensor(Array(places))
            let known = Independent(
                Bernoulli(logits: logits.gathered(at: chosen, axis: 1)), axes: 2)
            return SomePixels(AnyDistribution(known), at: chosen, of: sampleShape)
                .logProbability(of: images)
        }
        let all = part(order[...])
        #expect(all.shape == [2, 5])
        let halves = 0.5 * (part(order[..<12]) + part(order[12...]))
        #expect(abs(halves - all).max().scalar < 1e-9)
        // In their places, whatever the order.
        #expect(abs(part((0..<24).map { Int32($0) }[...]) - all).max().scalar < 1e-9)
    }

    /// A training pass looks at a share of the pixels, an evaluation at all.
    @Test func trainingLooksAtSome() {
        let decoder = Self.decoder(PoseLayout(angle: .none), share: 0.5)
        let code = Tensor([Float(0.3), -0.8], shape: [1, 2])
        var training = PassContext.training(RandomGenerator(seed: 1))
        let first = decoder(code, in: &training)
        let second = decoder(code, in: &training)
        #expect(first.base is SomePixels && !(decoder(code).base is SomePixels))
        var generator = RandomGenerator(seed: 2)
        let image = (generator.uniform([1, 9, 9]) .> 0.5).cast(to: .float32)
        #expect(first.logProbability(of: image).scalar != second.logProbability(of: image).scalar)
    }

    /// With a normal angle all draws are smooth functions of noise.
    @Test func hasRightGradients() throws {
        var recipe = InvariantAutoencoder()
        (recipe.pose.angle, recipe.hiddenSizes, recipe.pose.decoderSizes) = (.normal, [8], [6, 6])
        (recipe.pose.resizing, recipe.pose.skips) = (0.2, true)
        var generator = RandomGenerator(seed: 5)
        let program = recipe.program(
            for: DataDescription(sampleShape: [5, 5]), using: &generator)
        let result = try #require(program as? any Judged)
            .checkGradients(generator.uniform([3, 5, 5], dataType: .float64))
        #expect(result.passes, "\(result)")
    }

    @Test func optionsThatDoNotFitAreRefused() {
        func failure(_ change: (inout InvariantAutoencoder) -> Void) -> String {
            var recipe = InvariantAutoencoder()
            change(&recipe)
            do {
                try recipe.validate()
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(failure { $0.pose.pixels = 0 }.contains("pixels"))
        #expect(failure { $0.pose.pixels = 1.5 }.contains("pixels"))
        #expect(
            failure { ($0.pose.angle, $0.pose.angleDeviation) = (.none, 2) }.contains(
                "angle-deviation"))
        #expect(failure { $0.pose.angleDeviation = 0 }.contains("angle-deviation"))
        #expect(failure { $0.pose.shift = -1 }.contains("shift"))
        #expect(failure { $0.pose.turns = 0 }.contains("turns"))
        for angle in [AngleChoice.normal, .none] {
            #expect(
                failure { ($0.pose.angle, $0.pose.turns) = (angle, 2) }.contains(
                    "none with --angle \(angle)"))
        }
        #expect(failure { $0.pose.decoderSizes = [] }.contains("decoder-sizes"))
        #expect(
            failure { ($0.pose.skips, $0.pose.decoderSizes) = (true, [8, 4]) }.contains(
                "decoder-sizes"))
        #expect(failure { $0.pose.angle = .normal } == "")
        let table = DataDescription(sampleShape: [7])
        #expect(InvariantAutoencoder().requirement(of: table) == "images")
    }
}
